//! Merges a manifest into the one that it extends. The build script includes this file alone.

use serde_json::{Map, Value};

/// The kinds of an operation: a child that sets one of them replaces the parent's operation.
const OPERATION_KINDS: [&str; 4] = ["request", "via", "manual", "unsupported"];

/// Merges tables key by key, but an operation that sets its kind as a whole; everything else is replaced.
pub(super) fn merge(parent: &mut Value, child: Value, path: &mut Vec<String>) {
    match (parent, child) {
        (Value::Object(parent), Value::Object(child)) if !is_new(path, &child) => {
            for (key, value) in child {
                path.push(key.clone());
                merge(parent.entry(key).or_insert(Value::Null), value, path);
                path.pop();
            }
        }
        (parent, child) => *parent = child,
    }
}

/// Returns whether a table is another operation instead of a change to the existing one.
fn is_new(path: &[String], child: &Map<String, Value>) -> bool {
    let is_operation = match path {
        [group, _] => group == "operations",
        [group, _, last] => group == "credentials" && last == "verify",
        _ => false,
    };
    is_operation && OPERATION_KINDS.iter().any(|way| child.contains_key(*way))
}

/// Removes the entry of a dotted key; returns false if it does not exist.
pub(super) fn remove(value: &mut Value, key: &str) -> bool {
    let (way, last) = key.rsplit_once('.').unwrap_or(("", key));
    let mut here = value;
    for part in way.split('.').filter(|part| !part.is_empty()) {
        match here.get_mut(part) {
            Some(inner) => here = inner,
            None => return false,
        }
    }
    here.as_object_mut()
        .is_some_and(|entries| entries.remove(last).is_some())
}

/// Removes all examples.
pub(super) fn forget_examples(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            // An entry of a table may have that name as well.
            if entries.get("examples").is_some_and(Value::is_array) {
                entries.remove("examples");
            }
            entries.values_mut().for_each(forget_examples);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_examples),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn joined(mut parent: Value, child: Value) -> Value {
        merge(&mut parent, child, &mut Vec::new());
        parent
    }

    #[test]
    fn merge_joins_tables_replaces_other_values() {
        assert_eq!(
            joined(
                json!({"a": {"b": 1, "c": [1, 2]}, "d": "x"}),
                json!({"a": {"c": [3], "e": 4}})
            ),
            json!({"a": {"b": 1, "c": [3], "e": 4}, "d": "x"})
        );
    }

    #[test]
    fn merge_redefined_operation_replaces_parent() {
        let parent =
            json!({"operations": {"list": {"request": {"method": "GET"}, "pagination": {}}}});
        assert_eq!(
            joined(
                parent.clone(),
                json!({"operations": {"list": {"unsupported": "no"}}})
            ),
            json!({"operations": {"list": {"unsupported": "no"}}})
        );
        assert_eq!(
            joined(parent, json!({"operations": {"list": {"auth": []}}})),
            json!({"operations": {"list": {"request": {"method": "GET"}, "pagination": {}, "auth": []}}})
        );
    }

    #[test]
    fn only_lists_of_examples_are_forgotten() {
        let mut value = json!({"variables": {"examples": {"title": "x"}}, "operations": {"list": {"examples": []}}});
        forget_examples(&mut value);
        assert_eq!(
            value,
            json!({"variables": {"examples": {"title": "x"}}, "operations": {"list": {}}})
        );
    }

    #[test]
    fn remove_missing_path_is_false() {
        let mut value = json!({"operations": {"list": {}, "show": {}}});
        assert!(remove(&mut value, "operations.list"));
        assert!(!remove(&mut value, "operations.list"));
        assert!(!remove(&mut value, "x.y.z"));
        assert_eq!(value, json!({"operations": {"show": {}}}));
    }
}
