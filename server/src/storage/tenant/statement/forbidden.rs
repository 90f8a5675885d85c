//! Names that no statement of a tenant may hold in PostgreSQL: what reads the catalog, other databases or files, makes
//! names of numbers, changes settings, holds locks across transactions, runs text as SQL, sleeps, or goes on for ever.
//!
//! The database's own rights refuse most of it again (`postgres/revoke`); this list does not count on them.

use super::lexer::{Placed, Token};

/// Beginnings of names of the system or of ours.
const PREFIXES: [&str; 4] = ["pg_", "_aerocall_", "aerocall_", "binary_upgrade_"];

/// Beginnings of names that are refused where they are called; columns may be named like that.
const CALLED_PREFIXES: [&str; 6] = ["lo_", "dblink", "has_", "brin_", "gin_", "acl"];

/// Types whose values are shown as the names of what has that number, whoever's it is. The name of a list of them begins
/// with `_`; functions that read and write them end in one of [`CONVERSIONS`].
const NAMING_TYPES: [&str; 13] = [
    "aclitem",
    "regclass",
    "regcollation",
    "regconfig",
    "regdatabase",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
];
const CONVERSIONS: [&str; 5] = ["", "in", "out", "recv", "send"];

/// Names that are refused wherever they stand, quoted or not.
const NAMES: &[&str] = &[
    "cmax",
    "cmin",
    "cursor_to_xml",
    "cursor_to_xmlschema",
    "database_to_xml",
    "database_to_xml_and_xmlschema",
    "database_to_xmlschema",
    "information_schema",
    "loread",
    "lowrite",
    "query_to_xml",
    "query_to_xml_and_xmlschema",
    "query_to_xmlschema",
    "schema_to_xml",
    "schema_to_xml_and_xmlschema",
    "schema_to_xmlschema",
    "set_config",
    "table_to_xml",
    "table_to_xml_and_xmlschema",
    "table_to_xmlschema",
    "tableoid",
    "to_regclass",
    "to_regcollation",
    "to_regdatabase",
    "to_regnamespace",
    "to_regoper",
    "to_regoperator",
    "to_regproc",
    "to_regprocedure",
    "to_regrole",
    "to_regtype",
    "to_regtypemod",
    "ts_stat",
    "xmax",
    "xmin",
];

/// Names that are refused where they are called. Those in `…_in`, `…_validator` and the like take the number of a type, a
/// table or a function, and their answers and errors show its names.
const CALLS: &[&str] = &[
    "age",
    "any_in",
    "anyarray_in",
    "anycompatiblemultirange_in",
    "anycompatiblerange_in",
    "anymultirange_in",
    "anyrange_in",
    "array_in",
    "btequalimage",
    "btvarstrequalimage",
    "col_description",
    "current_database",
    "current_query",
    "current_schema",
    "current_schemas",
    "current_setting",
    "current_user",
    "currtid2",
    "domain_in",
    "enum_in",
    "fmgr_c_validator",
    "fmgr_internal_validator",
    "fmgr_sql_validator",
    "format_type",
    "getdatabaseencoding",
    "getpgusername",
    "inet_client_addr",
    "inet_client_port",
    "inet_server_addr",
    "inet_server_port",
    "makeaclitem",
    "multirange_in",
    "mxid_age",
    "obj_description",
    "plpgsql_validator",
    "range_in",
    "record_in",
    "row_security_active",
    "satisfies_hash_partition",
    "session_user",
    "setseed",
    "shobj_description",
    "system_user",
    "ts_debug",
    "ts_parse",
    "ts_rewrite",
    "ts_token_type",
    "txid_current",
    "txid_current_if_assigned",
    "txid_current_snapshot",
    "txid_status",
    "version",
];

/// Words that are values without being called: the role and the database.
const BARE: [&str; 7] = [
    "current_catalog",
    "current_role",
    "current_schema",
    "current_user",
    "session_user",
    "system_user",
    "user",
];

/// XPath, which nothing stops.
const XPATH: [&str; 4] = ["xpath", "xpath_exists", "xmlexists", "xmltable"];

/// They take the number of a sequence as well as its name.
const SEQUENCES: [&str; 3] = ["nextval", "currval", "setval"];

/// A refused name, as it was written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused<'t> {
    pub(super) name: &'t str,
    pub(super) at: usize,
    pub(super) why: &'static str,
}

const OF_THE_SYSTEM: &str = "a hook reads and changes the rows of the project's own tables, which a migration makes";
const NEVER_ENDS: &str = "PostgreSQL cannot stop it";
const BY_NAME: &str = "its first argument must be the name of a sequence, in quotes: 'orders_id_seq'";
// What SQL calls with words between the arguments is always the real function, never the bounded one.
const POSITION: &str = "write strpos(text, part)";
const TRIM: &str = "write btrim, ltrim or rtrim(text, characters)";

/// The first name that is refused. `sql`: what the tokens were read of.
pub(super) fn find<'t>(sql: &str, tokens: &'t [Placed]) -> Option<Refused<'t>> {
    tokens.iter().enumerate().find_map(|(index, placed)| {
        let (name, bare) = match &placed.token {
            Token::Word(word) => (word.as_str(), is_bare(word, tokens, index)),
            Token::Quoted(name) => (name.as_str(), false),
            _ => return None,
        };
        let arguments = match tokens.get(index + 1) {
            Some(next) if next.token == Token::Symbol('(') => Some(&tokens[index + 2..]),
            _ => None,
        };
        // The catalog knows its own names in lower case alone, but nobody needs the others.
        let folded = name.to_ascii_lowercase();
        let why = match arguments {
            _ if bare || is_never(&folded) => Some(OF_THE_SYSTEM),
            Some(_) if XPATH.contains(&folded.as_str()) => Some(NEVER_ENDS),
            Some(arguments) => why_not_called(sql, &folded, arguments),
            None => None,
        };
        why.map(|why| Refused {
            name,
            at: placed.at,
            why,
        })
    })
}

/// Whether a name is refused wherever it stands.
fn is_never(name: &str) -> bool {
    let plain = name.strip_prefix('_').unwrap_or(name);
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || NAMES.contains(&name)
        || NAMING_TYPES
            .iter()
            .filter_map(|of| plain.strip_prefix(of))
            .any(|rest| CONVERSIONS.contains(&rest))
}

/// Why a call is refused. `arguments`: the tokens behind the parenthesis that opens.
fn why_not_called(sql: &str, name: &str, arguments: &[Placed]) -> Option<&'static str> {
    match name {
        "position" => Some(POSITION),
        "trim" if has_more_than_one(arguments) => Some(TRIM),
        name if SEQUENCES.contains(&name) => (!is_plain_name(sql, arguments)).then_some(BY_NAME),
        name => {
            let refused = CALLS.contains(&name) || CALLED_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
            refused.then_some(OF_THE_SYSTEM)
        }
    }
}

/// Whether a comma or `FROM` stands between arguments.
fn has_more_than_one(arguments: &[Placed]) -> bool {
    let mut depth = 0_usize;
    for placed in arguments {
        match &placed.token {
            Token::Symbol('(' | '[') => depth += 1,
            Token::Symbol(')' | ']') if depth == 0 => return false,
            Token::Symbol(')' | ']') => depth -= 1,
            Token::Symbol(',') if depth == 0 => return true,
            Token::Word(word) if word == "from" && depth == 0 => return true,
            _ => {}
        }
    }
    false
}

/// Whether the first argument is a string like `'a_1'` and nothing else: no number, and no schema before the name.
fn is_plain_name(sql: &str, arguments: &[Placed]) -> bool {
    let [text, end, ..] = arguments else { return false };
    let name = sql[text.at..end.at]
        .trim_end()
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''));
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && !is_never(&name.to_ascii_lowercase())
    };
    text.token == Token::Text && matches!(end.token, Token::Symbol(')' | ',')) && name.is_some_and(is_name)
}

/// Not a column's label: `t.user`, `AS user`.
fn is_bare(word: &str, tokens: &[Placed], index: usize) -> bool {
    let before = index.checked_sub(1).map(|before| &tokens[before].token);
    let label = match before {
        Some(Token::Symbol('.')) => true,
        Some(Token::Word(before)) => before == "as",
        _ => false,
    };
    BARE.contains(&word) && !label
}

#[cfg(test)]
mod tests {
    use super::{super::lexer::tokens, *};

    fn why(sql: &str) -> Option<&'static str> {
        find(sql, &tokens(sql).unwrap()).map(|refused| refused.why)
    }

    #[test]
    fn numbers_get_no_names() {
        for sql in [
            "1::regclass",
            "'{1}'::_regclass",
            "regclassout(1)",
            "\"regrolesend\"(1)",
            "_aclitem",
            "regprocedurein('1')",
            "acldefault('r', 10)",
            "record_in('(1)', 1, 1)",
            "\"current_user\"()",
        ] {
            assert_eq!(why(sql), Some(OF_THE_SYSTEM), "{sql}");
        }
        for sql in [
            "regexp_replace(a, 'b', 'c')",
            "regr_slope(a, b)",
            "region",
            "regular",
            "registered_in(a)",
        ] {
            assert_eq!(why(sql), None, "{sql}");
        }
    }

    #[test]
    fn a_sequence_has_a_name() {
        for sql in ["nextval('a_seq')", "setval('A1' , 5)", "currval ( 'a' )"] {
            assert_eq!(why(sql), None, "{sql}");
        }
        for sql in [
            "nextval('16384')",
            "nextval(16384)",
            "nextval('a' || 'b')",
            "nextval('s.a')",
            "nextval($1)",
            "nextval(E'a')",
            "nextval('pg_a')",
            "\"nextval\"('1')",
            "nextval('a'::text)",
            "nextval(",
            "nextval('a'",
        ] {
            assert_eq!(why(sql), Some(BY_NAME), "{sql}");
        }
    }

    #[test]
    fn what_is_written_with_words_is_never_bounded() {
        for sql in [
            "trim(a)",
            "trim(f(a, b))",
            "strpos(a, b)",
            "btrim(a, b)",
            "position",
            "x.trim",
        ] {
            assert_eq!(why(sql), None, "{sql}");
        }
        for sql in [
            "position('a' in b)",
            "trim(both 'a' from b)",
            "trim(a, b)",
            "trim(leading from b)",
        ] {
            assert!(why(sql).is_some(), "{sql}");
        }
        assert_eq!(why("xmltable('/a' passing b columns c text)"), Some(NEVER_ENDS));
    }
}
