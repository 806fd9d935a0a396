//! Puts an example into the text of a manifest, whose other parts stay as they are.

use std::collections::BTreeMap;

use serde_json::Value;
use toml_edit::{
    Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, value as item,
};

use super::RECORDED;
use crate::manifest::{Example, RecordedExchange};

/// Returns the text of a manifest with an example of the operation at `path`; one that was recorded before is replaced.
pub fn with_example(text: &str, path: &[String], example: &Example) -> Result<String, String> {
    let has_returns = text.contains("\r\n");
    let mut plain = text.replace("\r\n", "\n");
    if !plain.is_empty() && !plain.ends_with('\n') {
        plain.push('\n');
    }
    let mut document: DocumentMut = plain.parse().map_err(|_| "it is no TOML".to_owned())?;
    if document.to_string() != plain {
        return Err("the file cannot be written again as it is".to_owned());
    }
    insert(document.as_table_mut(), path, example)?;
    let written = document.to_string();
    Ok(if has_returns {
        written.replace('\n', "\r\n")
    } else {
        written
    })
}

fn insert(table: &mut dyn TableLike, path: &[String], example: &Example) -> Result<(), String> {
    let Some((first, rest)) = path.split_first() else {
        return add(table, example);
    };
    if !table.contains_key(first) {
        let mut inner = Table::new();
        inner.set_implicit(true);
        table.insert(first, Item::Table(inner));
    }
    let inner = table.get_mut(first).and_then(Item::as_table_like_mut);
    insert(inner.ok_or("it is no table in the file")?, rest, example)
}

fn add(operation: &mut dyn TableLike, example: &Example) -> Result<(), String> {
    const KEY: &str = "examples";
    let is_inline = operation.get(KEY).is_some_and(Item::is_value);
    let written = written(example);
    if is_inline {
        let known = operation.get_mut(KEY).and_then(Item::as_array_mut);
        let known = known.ok_or("its `examples` are no list")?;
        known.retain(|one| {
            let one = one.as_inline_table().and_then(|one| one.get("name"));
            one.and_then(toml_edit::Value::as_str) != Some(RECORDED)
        });
        known.push(written.into_inline_table());
        return Ok(());
    }
    if !operation.contains_key(KEY) {
        operation.insert(KEY, Item::ArrayOfTables(ArrayOfTables::new()));
    }
    let known = operation
        .get_mut(KEY)
        .and_then(Item::as_array_of_tables_mut);
    let known = known.ok_or("its `examples` are no list")?;
    let is_recorded = |one: &Table| one.get("name").and_then(Item::as_str) == Some(RECORDED);
    known.retain(|one| !is_recorded(one));
    known.push(written);
    Ok(())
}

/// Returns an example as a table.
fn written(example: &Example) -> Table {
    let mut table = Table::new();
    table.insert("name", item(example.name.as_str()));
    if let Some(now) = &example.now {
        table.insert("now", item(now.as_str()));
    }
    if let Some(input) = toml(&Value::Object(example.input.clone().into_iter().collect()))
        && !example.input.is_empty()
    {
        table.insert("input", item(input));
    }
    if !example.variables.is_empty() {
        table.insert("variables", item(texts(&example.variables)));
    }
    let mut exchanges: Array = example.exchanges.iter().map(exchange).collect();
    if exchanges.len() > 1 {
        for one in exchanges.iter_mut() {
            one.decor_mut().set_prefix("\n  ");
        }
        exchanges.set_trailing("\n");
        exchanges.set_trailing_comma(true);
    }
    table.insert("exchanges", item(exchanges));
    if let Some(expect) = example.expect.as_ref().and_then(toml) {
        table.insert("expect", item(expect));
    }
    table
}

fn exchange(exchange: &RecordedExchange) -> InlineTable {
    let mut table = InlineTable::new();
    table.insert("request", exchange.request.as_str().into());
    if !exchange.headers.is_empty() {
        table.insert("headers", texts(&exchange.headers).into());
    }
    if let Some(body) = &exchange.body {
        table.insert("body", body.as_str().into());
    }
    table.insert("status", i64::from(exchange.status).into());
    if !exchange.response_headers.is_empty() {
        table.insert("response_headers", texts(&exchange.response_headers).into());
    }
    if !exchange.response.is_empty() {
        table.insert("response", exchange.response.as_str().into());
    }
    table
}

fn texts(members: &BTreeMap<String, String>) -> InlineTable {
    let members = members.iter();
    members
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect()
}

/// Returns a JSON value as TOML; there is none for `null`.
fn toml(value: &Value) -> Option<toml_edit::Value> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(flag) => (*flag).into(),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64()?.into(),
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => {
            let items: Array = items.iter().filter_map(toml).collect();
            items.into()
        }
        Value::Object(members) => {
            let mut table = InlineTable::new();
            for (name, member) in members {
                if let Some(member) = toml(member) {
                    table.insert(name, member);
                }
            }
            table.into()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(name: &str) -> Example {
        Example {
            name: name.to_owned(),
            input: BTreeMap::new(),
            variables: BTreeMap::new(),
            now: None,
            exchanges: Vec::new(),
            expect: None,
            fails: None,
        }
    }

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    const ADDED: &str = "name = \"recorded\"\nexchanges = []\n";

    #[test]
    fn example_leaves_other_text_alone() {
        let text =
            "# mine\na   = 1 # odd\n\n[operations.list]\nx = 'y'\n\n\n[operations.show]\nz=2\n";
        let written = with_example(text, &path("operations.list"), &example(RECORDED)).unwrap();
        let added = format!("x = 'y'\n\n[[operations.list.examples]]\n{ADDED}");
        assert_eq!(written, text.replace("x = 'y'\n", &added));
        let again = with_example(&written, &path("operations.list"), &example(RECORDED));
        assert_eq!(again.unwrap(), written);
    }

    #[test]
    fn example_keeps_those_by_hand() {
        let text = "[operations.list]\n\n[[operations.list.examples]]\nname = 'mine'\n\n[key]\n";
        let written = with_example(text, &path("operations.list"), &example(RECORDED)).unwrap();
        let added = format!("'mine'\n\n[[operations.list.examples]]\n{ADDED}");
        assert_eq!(written, text.replace("'mine'\n", &added));
    }

    #[test]
    fn example_fits_inline_and_missing_tables() {
        for (text, wanted) in [
            (
                "operations.list = { examples = [] }\r\n",
                "operations.list = { examples = [{ name = \"recorded\", exchanges = [] }] }\r\n"
                    .to_owned(),
            ),
            (
                "extends = \"x\"\n",
                format!("extends = \"x\"\n\n[[operations.list.examples]]\n{ADDED}"),
            ),
        ] {
            let written = with_example(text, &path("operations.list"), &example(RECORDED));
            assert_eq!(written.unwrap(), wanted);
        }
    }
}
