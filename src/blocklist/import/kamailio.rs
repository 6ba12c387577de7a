//! Output of Kamailio's RPC commands. `htable.dump` has the key of each item as `name`. `permissions.addressDump` and
//! `permissions.subnetDump` have `ip`, and `mask` for a subnet (`htable_rpc_dump`, `addr_hash_table_rpc_print`,
//! `subnet_table_rpc_print` in Kamailio's sources). Text looks like `name: 192.0.2.1`, JSON like `"name": "192.0.2.1"`.

use std::io::{self, BufRead};

use super::{
    reader::{ListReader, MAX_TOKEN_LEN, ParsedEntry},
    tokenizer::{ListToken, ListTokenizer},
};

pub(crate) struct KamailioReader<R> {
    tokens: ListTokenizer<R>,
    /// The last word. It is a key if a colon follows.
    last_word: String,
    /// The key of the next value.
    pending_key: Option<String>,
    /// The last address. Its mask may follow.
    pending: Option<ListToken>,
}

impl<R: BufRead> KamailioReader<R> {
    pub(super) fn new(input: R) -> KamailioReader<R> {
        let is_delimiter = |byte: u8| byte.is_ascii_whitespace() || b"[]{},\"".contains(&byte);
        KamailioReader {
            tokens: ListTokenizer::new(input, MAX_TOKEN_LEN, is_delimiter),
            last_word: String::new(),
            pending_key: None,
            pending: None,
        }
    }

    /// Processes a value. Returns the entry that is complete now, if any.
    fn take_value(&mut self, key: &str, token: ListToken) -> Option<ParsedEntry> {
        match key {
            "name" | "ip" => {
                self.pending.replace(token).map(|previous| ParsedEntry::parse(previous.line, &previous.text))
            }
            "mask" => {
                let address = self.pending.take()?;
                let has_no_mask = !address.text.contains('/') && token.text.parse::<u8>().is_ok();
                let text = if has_no_mask { format!("{}/{}", address.text, token.text) } else { address.text };
                Some(ParsedEntry::parse(address.line, &text))
            }
            _ => None,
        }
    }
}

impl<R: BufRead> ListReader for KamailioReader<R> {
    fn next_entry(&mut self) -> io::Result<Option<ParsedEntry>> {
        while let Some(mut token) = self.tokens.next_token()? {
            if let Some(key) = parse_key(&token.text) {
                self.pending_key = Some(key.to_owned());
            } else if token.text == ":" {
                self.pending_key = Some(std::mem::take(&mut self.last_word));
            } else if let Some(number) = token.text.strip_prefix(':').filter(|rest| rest.parse::<i64>().is_ok()) {
                let key = std::mem::take(&mut self.last_word);
                token.text = number.to_owned();
                if let Some(entry) = self.take_value(&key, token) {
                    return Ok(Some(entry));
                }
            } else if let Some(key) = self.pending_key.take() {
                // if the value is a list or an object, this word is the next key
                self.last_word.clone_from(&token.text);
                if let Some(entry) = self.take_value(&key, token) {
                    return Ok(Some(entry));
                }
            } else {
                self.last_word = token.text;
            }
        }
        Ok(self.pending.take().map(|address| ParsedEntry::parse(address.line, &address.text)))
    }
}

/// Returns the key of `name:`. An address that ends with colons is not a key.
fn parse_key(text: &str) -> Option<&str> {
    text.strip_suffix(':')
        .filter(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &'static str) -> Vec<(u64, String)> {
        let mut reader = KamailioReader::new(text.as_bytes());
        let entries = std::iter::from_fn(|| reader.next_entry().unwrap());
        let net = |entry: &ParsedEntry| match entry.net {
            Ok(net) => net.to_string(),
            Err(_) => format!("invalid: {}", entry.text),
        };
        entries.map(|entry| (entry.line, net(&entry))).collect()
    }

    #[test]
    fn hash_tables_are_parsed_as_text_and_as_json() {
        let text = "{\n\tentry: 35\n\tsize: 2\n\tslot: {\n\t\t{\n\t\t\tname: 192.0.2.1\n\t\t\tvalue: 1\n\t\t\ttype: int\n\t\t}\n\
                    \t\t{\n\t\t\tname: 2001:DB8:0:0:0:0:0:1\n\t\t\tvalue: x\n\t\t\ttype: str\n\t\t}\n\t}\n}\n\
                    {\n\tentry: 36\n\tslot: {\n\t\t{\n\t\t\tname: alice\n\t\t\tvalue: 1\n\t\t}\n\t}\n}\n";
        let expected = [(6, "192.0.2.1/32"), (11, "2001:db8::1/128"), (21, "invalid: alice")];
        assert_eq!(read_all(text), expected.map(|(line, text)| (line, text.to_owned())));

        let json = "{\"jsonrpc\":\"2.0\",\"result\":[{\"entry\":35,\"size\":1,\"slot\":[{\"name\":\"192.0.2.1\",\"value\":1,\"type\":\"int\"},\
                    {\"name\": \"2001:db8::\", \"value\": 1}]}],\"id\":1}";
        assert_eq!(read_all(json), [(1, "192.0.2.1/32".to_owned()), (1, "2001:db8::/128".to_owned())]);
    }

    #[test]
    fn permissions_are_parsed_with_and_without_a_mask() {
        let text = "{\n\ttable: 1\n\tgroup: 2\n\titem: {\n\t\tip: 192.0.2.1\n\t\tport: 0\n\t\ttag: NULL\n\t}\n}\n\
                    {\n\tid: 0\n\tgroup: 2\n\titem: {\n\t\tip: 10.1.2.3\n\t\tmask: 24\n\t\tport: 0\n\t\ttag: \n\t}\n}\n\
                    {\n\tid: 1\n\titem: {\n\t\tip: 10.2.0.0\n\t\tmask: 99\n\t}\n}\n";
        let expected = [(5, "192.0.2.1/32"), (14, "10.1.2.0/24"), (23, "invalid: 10.2.0.0/99")];
        assert_eq!(read_all(text), expected.map(|(line, text)| (line, text.to_owned())));
        let json = "[{\"id\":0,\"item\":{\"ip\":\"10.1.2.0\",\"mask\":24,\"port\":0,\"tag\":\"\"}}]";
        assert_eq!(read_all(json), [(1, "10.1.2.0/24".to_owned())]);
    }
}
