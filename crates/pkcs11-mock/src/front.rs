//! The macros that make the C functions and the function lists from the rows of the table.

/// From the whole table: a record and a C function per row, and the builders of the three lists.
macro_rules! functions {
    (v2_40 { $($a:tt)* } v3_0 { $($b:tt)* } v3_2 { $($c:tt)* }) => {
        each_function! { $($a)* $($b)* $($c)* }

        /// The three lists, without the functions that are [missing](crate::Mock::missing).
        pub(crate) fn lists() -> (CK_FUNCTION_LIST, CK_FUNCTION_LIST_3_0, CK_FUNCTION_LIST_3_2) {
            (
                full_list!(CK_FUNCTION_LIST 2, 40; $($a)*),
                full_list!(CK_FUNCTION_LIST_3_0 3, 0; $($a)* $($b)*),
                full_list!(CK_FUNCTION_LIST_3_2 3, 2; $($a)* $($b)* $($c)*),
            )
        }

        /// Another module's 2.40 list, in the form of the widest.
        pub(crate) fn from_2_40(list: CK_FUNCTION_LIST) -> CK_FUNCTION_LIST_3_2 {
            crate::front::widened!(list; $($a)*)
        }

        /// Another module's 3.0 list, in the form of the widest.
        pub(crate) fn from_3_0(list: CK_FUNCTION_LIST_3_0) -> CK_FUNCTION_LIST_3_2 {
            crate::front::widened!(list; $($a)* $($b)*)
        }
    };
}

/// What every function does: count, take the lie that is due, do or forward, overwrite.
macro_rules! each_function {
    ($($name:ident ($($arg:ident: $type:ty),*) [$($kind:ident ($($out:expr),*)),*]
        $(=> $module:ident :: $function:ident $views:tt)?;)*) => {
        /// One record per function: its calls and its lies.
        #[allow(non_upper_case_globals, reason = "named as the functions are")]
        pub(crate) mod record {
            use crate::record::Function;

            $(pub(crate) static $name: Function =
                Function::new(stringify!($name), &[$(stringify!($kind)),*]);)*
        }

        /// All records, in the order of the lists.
        pub(crate) static FUNCTIONS: [&crate::record::Function; 104] = [$(&record::$name),*];

        /// Marks as missing what a wrapped module does not have. (On Windows the list is packed:
        /// fields are copied, not borrowed.)
        pub(crate) fn mirror_holes(list: &CK_FUNCTION_LIST_3_2) {
            $(if { list.$name }.is_none() && !record::$name.is_ours() { record::$name.set_missing(); })*
        }

        $(#[allow(non_snake_case, unused_unsafe, reason = "the standard's names; safe answers too")]
        pub(crate) unsafe extern "C" fn $name($($arg: $type),*) -> CK_RV {
            let call = match record::$name.enter() {
                Ok(call) => call,
                Err(code) => return code,
            };
            let code = match (call.instead(), call.wrapped().and_then(|list| list.$name)) {
                (Some(code), _) => code,
                // SAFETY: the wrapped module's function of this name gets what our caller gave.
                (None, Some(function)) => unsafe { function($($arg),*) },
                (None, None) => answer!($($module :: $function $views)?),
            };
            // SAFETY: the table names pointers through which this function may write.
            $(unsafe { call.$kind(code, $($out),*) };)*
            call.end(code)
        })*
    };
}

/// The built-in token's answer.
macro_rules! answer {
    () => {
        CKR_FUNCTION_NOT_SUPPORTED
    };
    ($module:ident :: $function:ident ($($view:ident $(($($pointer:ident),*))?),*)) => {
        $module::$function($(argument!($view $(($($pointer),*))?)),*).err().unwrap_or(CKR_OK)
    };
}

/// A plain argument, or a view on what the caller lends.
macro_rules! argument {
    ($plain:ident) => {
        $plain
    };
    ($view:ident ($($pointer:ident),*)) => {
        // SAFETY: what the view asks of its pointers is what PKCS#11 asks of the caller, and the
        // view is gone before the call ends, which one in an asynchronous session does later.
        unsafe { $view::new($($pointer),*) }
    };
}

/// A function list from rows.
macro_rules! full_list {
    ($list:ident $major:literal, $minor:literal;
        $($name:ident $args:tt $outs:tt $(=> $module:ident :: $function:ident $views:tt)?;)*) => {
        $list {
            version: CK_VERSION { major: $major, minor: $minor },
            $($name: if record::$name.is_missing() { None } else { Some($name) }),*
        }
    };
}

/// Another module's list as one of 3.2, the functions that it lacks left out.
macro_rules! widened {
    ($list:ident;
        $($name:ident $args:tt $outs:tt $(=> $module:ident :: $function:ident $views:tt)?;)*) => {
        CK_FUNCTION_LIST_3_2 {
            version: $list.version,
            $($name: $list.$name,)*
            ..Default::default()
        }
    };
}

pub(crate) use {answer, argument, each_function, full_list, functions, widened};
