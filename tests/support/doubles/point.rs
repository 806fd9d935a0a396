//! Calls of the doubles as points at which a test may intervene: it may count them, stop the process, let another
//! process go first, or let time pass.

use std::cell::RefCell;
use std::rc::Rc;

/// Steps in before a call, told its name; says whether the call fails.
pub(crate) type Hook = Rc<dyn Fn(&'static str) -> bool>;

thread_local! {
    static HOOK: RefCell<Option<Hook>> = const { RefCell::new(None) };
}

/// Sets or removes the hook that runs before every call on this thread.
pub(crate) fn set(hook: Option<Hook>) {
    HOOK.with(|kept| *kept.borrow_mut() = hook);
}

/// Says that a call is about to be made, and whether it fails; false outside a simulation.
pub(crate) fn fails(call: &'static str) -> bool {
    // The hook may leave by unwinding: nothing may stay borrowed.
    let hook = HOOK.with(|kept| kept.borrow().clone());
    hook.is_some_and(|hook| hook(call))
}

/// Says that a call is about to be made that does not fail by itself.
pub(crate) fn reach(call: &'static str) {
    let _ = fails(call);
}
