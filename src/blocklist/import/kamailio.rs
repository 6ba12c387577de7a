//! What Kamailio's control programs print: `htable.dump` has the key of each item as `name`, `permissions.addressDump` and
//! `permissions.subnetDump` have `ip`, and `mask` for a subnet (`htable_rpc_dump`, `addr_hash_table_rpc_print`,
//! `subnet_table_rpc_print` in Kamailio's sources). As text it is `name: 192.0.2.1`, as JSON `"name": "192.0.2.1"`.

use std::io::{self, BufRead};

use super::{
    ListReader, ParsedEntry,
    tokenizer::{ListToken, ListTokenizer},
};

/// Longer than any address.
const MAX_TOKEN_LEN: usize = 256;

pub(crate) struct KamailioReader<R> {
    tokens: ListTokenizer<R>,
    /// The last word, which is a key if a colon follows.
    last_word: String,
    /// A key whose value comes next.
    pending_key: Option<String>,
    /// Read, but its mask may follow.
    pending: Option<ListToken>,
}

impl<R: BufRead> KamailioReader<R> {
    pub fn new(input: R) -> KamailioReader<R> {
        let ends = |byte: u8| byte.is_ascii_whitespace() || b"[]{},\"".contains(&byte);
        KamailioReader {
            tokens: ListTokenizer::new(input, MAX_TOKEN_LEN, ends),
            last_word: String::new(),
            pending_key: None,
            pending: None,
        }
    }

    /// Takes a value in; gives what was held before it.
    fn take_value(&mut self, key: &str, piece: ListToken) -> Option<ParsedEntry> {
        match key {
            "name" | "ip" => self.pending.replace(piece).map(|before| ParsedEntry::parse(before.line, &before.text)),
            "mask" => {
                let held = self.pending.take()?;
                let is_bare = !held.text.contains('/') && piece.text.parse::<u8>().is_ok();
                let text = if is_bare { format!("{}/{}", held.text, piece.text) } else { held.text };
                Some(ParsedEntry::parse(held.line, &text))
            }
            _ => None,
        }
    }
}

impl<R: BufRead> ListReader for KamailioReader<R> {
    fn next_entry(&mut self) -> io::Result<Option<ParsedEntry>> {
        while let Some(mut piece) = self.tokens.next_token()? {
            if let Some(key) = parse_key(&piece.text) {
                self.pending_key = Some(key.to_owned());
            } else if piece.text == ":" {
                self.pending_key = Some(std::mem::take(&mut self.last_word));
            } else if let Some(number) = piece.text.strip_prefix(':').filter(|rest| rest.parse::<i64>().is_ok()) {
                let key = std::mem::take(&mut self.last_word);
                piece.text = number.to_owned();
                if let Some(told) = self.take_value(&key, piece) {
                    return Ok(Some(told));
                }
            } else if let Some(key) = self.pending_key.take() {
                // where a list or an object is the value, this is a key of its own
                self.last_word.clone_from(&piece.text);
                if let Some(told) = self.take_value(&key, piece) {
                    return Ok(Some(told));
                }
            } else {
                self.last_word = piece.text;
            }
        }
        Ok(self.pending.take().map(|held| ParsedEntry::parse(held.line, &held.text)))
    }
}

/// `name:`, but not an address that ends with colons.
fn parse_key(text: &str) -> Option<&str> {
    text.strip_suffix(':')
        .filter(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_'))
}

#[cfg(test)]
mod tests {
    use crate::blocklist::import::kamailio::*;

    fn read_all(text: &'static str) -> Vec<(u64, String)> {
        let mut list = KamailioReader::new(text.as_bytes());
        let told = std::iter::from_fn(|| list.next_entry().unwrap());
        told.map(|one| (one.line, one.net.map_or_else(|_| format!("wrong: {}", one.text), |net| net.to_string())))
            .collect()
    }

    #[test]
    fn a_hash_table_as_text_and_as_json() {
        let text = "{\n\tentry: 35\n\tsize: 2\n\tslot: {\n\t\t{\n\t\t\tname: 192.0.2.1\n\t\t\tvalue: 1\n\t\t\ttype: int\n\t\t}\n\
                    \t\t{\n\t\t\tname: 2001:DB8:0:0:0:0:0:1\n\t\t\tvalue: x\n\t\t\ttype: str\n\t\t}\n\t}\n}\n\
                    {\n\tentry: 36\n\tslot: {\n\t\t{\n\t\t\tname: alice\n\t\t\tvalue: 1\n\t\t}\n\t}\n}\n";
        let expected = [(6, "192.0.2.1/32"), (11, "2001:db8::1/128"), (21, "wrong: alice")];
        assert_eq!(read_all(text), expected.map(|(line, text)| (line, text.to_owned())));

        let json = "{\"jsonrpc\":\"2.0\",\"result\":[{\"entry\":35,\"size\":1,\"slot\":[{\"name\":\"192.0.2.1\",\"value\":1,\"type\":\"int\"},\
                    {\"name\": \"2001:db8::\", \"value\": 1}]}],\"id\":1}";
        assert_eq!(read_all(json), [(1, "192.0.2.1/32".to_owned()), (1, "2001:db8::/128".to_owned())]);
    }

    #[test]
    fn permissions_with_and_without_a_mask() {
        let text = "{\n\ttable: 1\n\tgroup: 2\n\titem: {\n\t\tip: 192.0.2.1\n\t\tport: 0\n\t\ttag: NULL\n\t}\n}\n\
                    {\n\tid: 0\n\tgroup: 2\n\titem: {\n\t\tip: 10.1.2.3\n\t\tmask: 24\n\t\tport: 0\n\t\ttag: \n\t}\n}\n\
                    {\n\tid: 1\n\titem: {\n\t\tip: 10.2.0.0\n\t\tmask: 99\n\t}\n}\n";
        let expected = [(5, "192.0.2.1/32"), (14, "10.1.2.0/24"), (23, "wrong: 10.2.0.0/99")];
        assert_eq!(read_all(text), expected.map(|(line, text)| (line, text.to_owned())));
        let json = "[{\"id\":0,\"item\":{\"ip\":\"10.1.2.0\",\"mask\":24,\"port\":0,\"tag\":\"\"}}]";
        assert_eq!(read_all(json), [(1, "10.1.2.0/24".to_owned())]);
    }
}
