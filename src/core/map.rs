//! Maps of what an iterator gives.

use std::collections::BTreeMap;

/// Returns the map of the entries; the last of a key counts.
///
/// It inserts one by one: `collect` sorts them before, and brings a sort of four kilobytes into the program for each kind of
/// iterator.
pub fn map_of<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(entries);
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_entry_of_key_counts() {
        let map = map_of([("b", 1), ("a", 2), ("b", 3)]);
        assert_eq!(map.into_iter().collect::<Vec<_>>(), [("a", 2), ("b", 3)]);
    }
}
