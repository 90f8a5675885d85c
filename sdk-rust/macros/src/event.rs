//! The arguments of `on`: the name of an event, and what may be said of its handling.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Error, LitStr};

use crate::names::EVENTS;

/// Longest name of a queue or a schedule.
const MAX_NAME_BYTES: usize = 64;

/// The type of the data of an event.
pub(crate) fn data_of(name: &str) -> Result<Option<TokenStream>, String> {
    let starts_well = |name: &str| name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
    let is_name = |name: &str, legal: fn(u8) -> bool| {
        starts_well(name) && name.len() <= MAX_NAME_BYTES && name.bytes().all(legal)
    };
    if let Some(queue) = name.strip_prefix("queue.") {
        let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
        return match is_name(queue, legal) {
            true => Ok(None),
            false => Err(format!(
                "{name:?} names no queue: a queue's name has 1 to {MAX_NAME_BYTES} of a-z, 0-9, `.`, `_` and `-`, starting with a \
                 letter or digit"
            )),
        };
    }
    if let Some(schedule) = name.strip_prefix("cron.") {
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        return match is_name(schedule, legal) {
            true => Ok(Some(quote!(::aerocall_hooks::ScheduleData))),
            false => Err(format!(
                "{name:?} names no schedule: a schedule's name has 1 to {MAX_NAME_BYTES} of A-Z, a-z, 0-9, `_` and `-`, starting \
                 with a letter or digit"
            )),
        };
    }
    match EVENTS.iter().find(|(event, _)| *event == name) {
        Some((_, data)) => {
            let data = Ident::new(data, Span::call_site());
            Ok(Some(quote!(::aerocall_hooks::events::#data)))
        }
        None => Err(unknown_event(name)),
    }
}

fn unknown_event(name: &str) -> String {
    let families = "messages of a queue arrive as \"queue.<name>\", schedules as \"cron.<name>\"";
    let events = || EVENTS.iter().map(|(event, _)| *event);
    let nearest = events().map(|event| (distance(name, event), event)).min();
    match nearest {
        Some((distance, near)) if distance <= (name.len() / 5).max(2) => {
            format!("there is no event {name:?}; did you mean {near:?}?")
        }
        _ => {
            let events: Vec<&str> = events().collect();
            format!(
                "there is no event {name:?}; {families}, and the events are: {}",
                events.join(", ")
            )
        }
    }
}

/// How many letters have to change (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (index, candidate) in other.chars().enumerate() {
            let changed = diagonal + usize::from(letter != candidate);
            diagonal = row[index + 1];
            row[index + 1] = changed.min(diagonal + 1).min(row[index] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

/// An option of a handler, checked.
pub(crate) fn option_of(name: &str, option: &Ident, value: &LitStr) -> syn::Result<(&'static str, String)> {
    let text = value.value();
    let checked = |known: &'static str, fits: bool, expected: &str| match fits {
        true => Ok((known, text.clone())),
        false => Err(Error::new(value.span(), format!("`{known}` is {expected}"))),
    };
    let of = |legal: &[u8]| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || legal.contains(&byte))
    };
    match option.to_string().as_str() {
        "schedule" if !name.starts_with("cron.") => {
            let message = "only a schedule has one: its event is named \"cron.<name>\"";
            Err(Error::new(option.span(), message))
        }
        "schedule" => {
            let fits = of(b"*,/- ") && text.split_whitespace().count() == 5;
            checked(
                "schedule",
                fits,
                "a cron pattern of five fields in UTC: \"0 3 * * *\" is three o'clock every night",
            )
        }
        "order" => checked(
            "order",
            of(b"._-"),
            "a path of names in the data, such as \"customer\" or \"user.id\"",
        ),
        "priority" => {
            let fits = ["high", "normal", "low"].contains(&text.as_str());
            checked("priority", fits, "\"high\", \"normal\" or \"low\"")
        }
        _ => Err(Error::new(
            option.span(),
            "there are `schedule`, `order` and `priority`",
        )),
    }
}
