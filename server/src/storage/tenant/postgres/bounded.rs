//! Functions that nothing stops, bounded by the size of what they are given.
//!
//! Their work grows with the product of two lengths, and inside of them PostgreSQL looks for no time limit, no cancel and no
//! end of the connection: two texts of a few hundred kilobytes keep a backend busy for minutes. So what everyone may call is
//! one of the same name, in a schema that is looked at first, which refuses what is too large and calls the real one. The
//! list is what `tests/measure/postgres.mjs` found; its table is `docs/decisions/0005-functions.md`.
//!
//! A superuser also revokes the real ones. With another login they can only be reached by their schema's name, which the
//! reader of statements refuses.

use tokio_postgres::{Client, Error};

/// Where they are.
pub(super) const SCHEMA: &str = "aerocall_bounded";

/// The product of the lengths of the first two arguments, in bytes of their text: a fraction of a second of work for the
/// slowest of them. An argument that stands alone counts twice.
const MAX_PRODUCT: &str = "100000000";

/// By name and types of the arguments. Operators of the same functions are made with them.
pub(super) const FUNCTIONS: &[&str] = &[
    "arraycontained(anyarray, anyarray)",
    "arraycontains(anyarray, anyarray)",
    "arrayoverlap(anyarray, anyarray)",
    "bpchariclike(character, text)",
    "bpcharicnlike(character, text)",
    "bpcharlike(character, text)",
    "bpcharnlike(character, text)",
    "btrim(bytea, bytea)",
    "btrim(text, text)",
    "bytealike(bytea, bytea)",
    "byteanlike(bytea, bytea)",
    "jsonb_contained(jsonb, jsonb)",
    "jsonb_contains(jsonb, jsonb)",
    "jsonb_delete(jsonb, text[])",
    "jsonb_exists_all(jsonb, text[])",
    "jsonb_exists_any(jsonb, text[])",
    "like(bytea, bytea)",
    "like(text, text)",
    "ltrim(bytea, bytea)",
    "ltrim(text, text)",
    "notlike(bytea, bytea)",
    "notlike(text, text)",
    "path_distance(path, path)",
    "path_inter(path, path)",
    "phraseto_tsquery(regconfig, text)",
    "phraseto_tsquery(text)",
    "plainto_tsquery(regconfig, text)",
    "plainto_tsquery(text)",
    "poly_distance(polygon, polygon)",
    "poly_overlap(polygon, polygon)",
    "position(bit, bit)",
    "position(bytea, bytea)",
    "position(text, text)",
    "replace(text, text, text)",
    "rtrim(bytea, bytea)",
    "rtrim(text, text)",
    "split_part(text, text, integer)",
    "string_to_array(text, text)",
    "string_to_array(text, text, text)",
    "string_to_table(text, text)",
    "string_to_table(text, text, text)",
    "strpos(text, text)",
    "texticlike(text, text)",
    "texticnlike(text, text)",
    "textlike(text, text)",
    "textnlike(text, text)",
    "to_tsquery(regconfig, text)",
    "to_tsquery(text)",
    "translate(text, text, text)",
    "websearch_to_tsquery(regconfig, text)",
    "websearch_to_tsquery(text)",
];

/// Types whose values have a fixed size.
const SMALL_TYPES: &str = "'integer', 'bigint', 'boolean', 'regconfig'";

/// Makes what is missing and replaces what is there. Inside of a transaction that holds the lock for setting up.
pub(super) async fn make(client: &Client, execution: Execution) -> Result<(), Error> {
    let schema = format!("CREATE SCHEMA IF NOT EXISTS {SCHEMA}; GRANT USAGE ON SCHEMA {SCHEMA} TO PUBLIC");
    client.batch_execute(&schema).await?;
    for sql in [functions(execution), operators()] {
        let rows = client.query_typed(&sql, &[]).await?;
        let statements: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
        client.batch_execute(&statements.join(";\n")).await?;
    }
    Ok(())
}

/// With whose rights the real ones are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Execution {
    /// Of whoever made the bounded ones: nobody else may call the real ones.
    Definer,
    /// Of whoever calls.
    Invoker,
}

/// The list as a condition on `pg_proc p`.
pub(super) fn listed() -> String {
    let quoted =
        |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| format!("'{text}'")).collect::<Vec<_>>().join(", ");
    let names = quoted(
        &mut FUNCTIONS
            .iter()
            .filter_map(|function| Some(function.split_once('(')?.0)),
    );
    let functions = quoted(&mut FUNCTIONS.iter().copied());
    format!(
        "p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND p.proname IN ({names})
         AND p.proname || '(' || array_to_string(ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t), ', ') || ')'
             IN ({functions})"
    )
}

/// One `CREATE FUNCTION` per row. Every name in a body says its schema: a body is read with the path of whoever calls it.
fn functions(execution: Execution) -> String {
    let rights = match execution {
        Execution::Definer => "SECURITY DEFINER",
        Execution::Invoker => "SECURITY INVOKER",
    };
    format!(
        "SELECT format(
            $f$CREATE OR REPLACE FUNCTION {SCHEMA}.%I(%s) RETURNS %s LANGUAGE plpgsql %s %s PARALLEL SAFE {rights} COST 10 AS $body$
            BEGIN
                IF %s OPERATOR(pg_catalog.>) {MAX_PRODUCT}::pg_catalog.float8 THEN
                    RAISE EXCEPTION 'the values are too large for %s' USING ERRCODE = 'program_limit_exceeded';
                END IF;
                %s pg_catalog.%I(%s);
            END $body$$f$,
            p.proname,
            (SELECT string_agg(format_type(t, NULL), ', ' ORDER BY o) FROM unnest(p.proargtypes) WITH ORDINALITY a(t, o)),
            pg_get_function_result(p.oid),
            CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END,
            CASE WHEN p.proisstrict THEN 'STRICT' ELSE 'CALLED ON NULL INPUT' END,
            (SELECT string_agg(
                    format('(coalesce(pg_catalog.octet_length($%s::pg_catalog.text), 0)::pg_catalog.float8
                            OPERATOR(pg_catalog.+) 1)', o)
                    || CASE WHEN large = 1 THEN ' OPERATOR(pg_catalog.^) 2::pg_catalog.float8' ELSE '' END,
                    ' OPERATOR(pg_catalog.*) ' ORDER BY o)
                FROM (SELECT o, row_number() OVER (ORDER BY o) AS nth, count(*) OVER () AS large
                      FROM unnest(p.proargtypes) WITH ORDINALITY a(t, o)
                      WHERE format_type(t, NULL) NOT IN ({SMALL_TYPES})) sizes
                WHERE nth <= 2),
            p.proname,
            CASE WHEN p.proretset THEN 'RETURN QUERY SELECT' ELSE 'RETURN' END,
            p.proname,
            (SELECT string_agg(CASE WHEN p.provariadic <> 0 AND o = p.pronargs THEN 'VARIADIC $' ELSE '$' END || o, ', ' ORDER BY o)
                FROM unnest(p.proargtypes) WITH ORDINALITY a(t, o)))
         FROM pg_proc p WHERE {}",
        listed()
    )
}

/// One `CREATE OPERATOR` per row, for those that are not there yet. What the planner knows of the real ones it knows of these.
fn operators() -> String {
    format!(
        "SELECT format('CREATE OPERATOR {SCHEMA}.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = {SCHEMA}.%I%s%s)',
            o.oprname, format_type(o.oprleft, NULL), format_type(o.oprright, NULL), p.proname,
            CASE WHEN o.oprrest = 0 THEN '' ELSE ', RESTRICT = ' || o.oprrest::regproc END,
            CASE WHEN o.oprjoin = 0 THEN '' ELSE ', JOIN = ' || o.oprjoin::regproc END)
         FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
         WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND o.oprkind = 'b' AND {}
           AND NOT EXISTS (SELECT 1 FROM pg_operator b WHERE b.oprnamespace = '{SCHEMA}'::regnamespace
                           AND b.oprname = o.oprname AND b.oprleft = o.oprleft AND b.oprright = o.oprright)",
        listed()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Refused by their names, by the reader and by rights.
    const REFUSED: [&str; 3] = ["xmlexists", "xpath", "xpath_exists"];

    #[test]
    fn what_was_found_to_go_on_is_bounded_or_refused() {
        let table = include_str!("../../../../../docs/decisions/0005-functions.md");
        let rows = table.lines().filter(|line| line.contains("| goes on, with"));
        let found: Vec<&str> = rows.filter_map(|line| line.split('`').nth(1)).collect();
        assert!(found.len() > 20, "{found:?}");
        let missing: Vec<_> = found
            .into_iter()
            .filter(|function| !FUNCTIONS.contains(function))
            .filter(|function| !REFUSED.iter().any(|name| function.starts_with(&format!("{name}("))))
            .collect();
        assert!(missing.is_empty(), "{missing:#?}");
    }
}
