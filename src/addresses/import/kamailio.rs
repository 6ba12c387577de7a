//! What Kamailio's control programs print: `htable.dump` has the key of each item as `name`, `permissions.addressDump` and
//! `permissions.subnetDump` have `ip`, and `mask` for a subnet (`htable_rpc_dump`, `addr_hash_table_rpc_print`,
//! `subnet_table_rpc_print` in Kamailio's sources). As text it is `name: 192.0.2.1`, as JSON `"name": "192.0.2.1"`.

use std::io::{self, BufRead};

use super::{
    Reads, Told,
    pieces::{Piece, Pieces},
};

/// Longer than any address.
const LONGEST: usize = 256;

pub(super) struct Kamailio<R> {
    pieces: Pieces<R>,
    /// The last word, which is a key if a colon follows.
    word: String,
    /// A key whose value comes next.
    key: Option<String>,
    /// Read, but its mask may follow.
    held: Option<Piece>,
}

impl<R: BufRead> Kamailio<R> {
    pub fn new(input: R) -> Kamailio<R> {
        let ends = |byte: u8| byte.is_ascii_whitespace() || b"[]{},\"".contains(&byte);
        Kamailio { pieces: Pieces::new(input, LONGEST, ends), word: String::new(), key: None, held: None }
    }

    /// Takes a value in; gives what was held before it.
    fn value(&mut self, key: &str, piece: Piece) -> Option<Told> {
        match key {
            "name" | "ip" => self.held.replace(piece).map(|before| Told::of(before.line, &before.text)),
            "mask" => {
                let held = self.held.take()?;
                let is_bare = !held.text.contains('/') && piece.text.parse::<u8>().is_ok();
                let text = if is_bare { format!("{}/{}", held.text, piece.text) } else { held.text };
                Some(Told::of(held.line, &text))
            }
            _ => None,
        }
    }
}

impl<R: BufRead> Reads for Kamailio<R> {
    fn next(&mut self) -> io::Result<Option<Told>> {
        while let Some(mut piece) = self.pieces.next()? {
            if let Some(key) = as_key(&piece.text) {
                self.key = Some(key.to_owned());
            } else if piece.text == ":" {
                self.key = Some(std::mem::take(&mut self.word));
            } else if let Some(number) = piece.text.strip_prefix(':').filter(|rest| rest.parse::<i64>().is_ok()) {
                let key = std::mem::take(&mut self.word);
                piece.text = number.to_owned();
                if let Some(told) = self.value(&key, piece) {
                    return Ok(Some(told));
                }
            } else if let Some(key) = self.key.take() {
                // where a list or an object is the value, this is a key of its own
                self.word.clone_from(&piece.text);
                if let Some(told) = self.value(&key, piece) {
                    return Ok(Some(told));
                }
            } else {
                self.word = piece.text;
            }
        }
        Ok(self.held.take().map(|held| Told::of(held.line, &held.text)))
    }
}

/// `name:`, but not an address that ends with colons.
fn as_key(text: &str) -> Option<&str> {
    text.strip_suffix(':')
        .filter(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> Vec<(u64, String)> {
        let mut list = Kamailio::new(text.as_bytes());
        let told = std::iter::from_fn(|| list.next().unwrap());
        told.map(|one| (one.line, one.net.map_or_else(|_| format!("wrong: {}", one.text), |net| net.to_string())))
            .collect()
    }

    #[test]
    fn a_hash_table_as_text_and_as_json() {
        let text = "{\n\tentry: 35\n\tsize: 2\n\tslot: {\n\t\t{\n\t\t\tname: 192.0.2.1\n\t\t\tvalue: 1\n\t\t\ttype: int\n\t\t}\n\
                    \t\t{\n\t\t\tname: 2001:DB8:0:0:0:0:0:1\n\t\t\tvalue: x\n\t\t\ttype: str\n\t\t}\n\t}\n}\n\
                    {\n\tentry: 36\n\tslot: {\n\t\t{\n\t\t\tname: alice\n\t\t\tvalue: 1\n\t\t}\n\t}\n}\n";
        let expected = [(6, "192.0.2.1/32"), (11, "2001:db8::1/128"), (21, "wrong: alice")];
        assert_eq!(read(text), expected.map(|(line, text)| (line, text.to_owned())));

        let json = "{\"jsonrpc\":\"2.0\",\"result\":[{\"entry\":35,\"size\":1,\"slot\":[{\"name\":\"192.0.2.1\",\"value\":1,\"type\":\"int\"},\
                    {\"name\": \"2001:db8::\", \"value\": 1}]}],\"id\":1}";
        assert_eq!(read(json), [(1, "192.0.2.1/32".to_owned()), (1, "2001:db8::/128".to_owned())]);
    }

    #[test]
    fn permissions_with_and_without_a_mask() {
        let text = "{\n\ttable: 1\n\tgroup: 2\n\titem: {\n\t\tip: 192.0.2.1\n\t\tport: 0\n\t\ttag: NULL\n\t}\n}\n\
                    {\n\tid: 0\n\tgroup: 2\n\titem: {\n\t\tip: 10.1.2.3\n\t\tmask: 24\n\t\tport: 0\n\t\ttag: \n\t}\n}\n\
                    {\n\tid: 1\n\titem: {\n\t\tip: 10.2.0.0\n\t\tmask: 99\n\t}\n}\n";
        let expected = [(5, "192.0.2.1/32"), (14, "10.1.2.0/24"), (23, "wrong: 10.2.0.0/99")];
        assert_eq!(read(text), expected.map(|(line, text)| (line, text.to_owned())));
        let json = "[{\"id\":0,\"item\":{\"ip\":\"10.1.2.0\",\"mask\":24,\"port\":0,\"tag\":\"\"}}]";
        assert_eq!(read(json), [(1, "10.1.2.0/24".to_owned())]);
    }
}
