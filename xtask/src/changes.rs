//! What an update changed.

use std::collections::BTreeSet;

use iam_lint::catalog::Facts;

/// Prints services and actions added and removed. Returns the removed.
pub fn print(before: &Facts, after: &Facts) -> Vec<String> {
    let (old, new) = (names(before), names(after));
    let gone: Vec<String> = old.difference(&new).cloned().collect();
    println!("{} -> {}", before.date, after.date);
    for name in new.difference(&old) {
        println!("+ {name}");
    }
    for name in &gone {
        println!("- {name}");
    }
    println!("{} added, {} removed", new.difference(&old).count(), gone.len());
    gone
}

/// Services by prefix, actions by full name.
fn names(facts: &Facts) -> BTreeSet<String> {
    let services = facts.services.values().map(|service| service.prefix.clone());
    let actions = facts
        .services
        .values()
        .flat_map(|service| service.actions.values().map(move |action| format!("{}:{}", service.prefix, action.name)));
    services.chain(actions).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam_lint::catalog::ActionFacts;

    #[test]
    fn what_is_gone_is_returned() {
        let (mut before, mut after) = (Facts::default(), Facts::default());
        before.add_action("a", ActionFacts { name: "Get".to_owned(), ..ActionFacts::default() });
        after.add_service("a", "");
        assert_eq!(print(&before, &after), ["a:Get"]);
        assert!(print(&after, &before).is_empty());
    }
}
