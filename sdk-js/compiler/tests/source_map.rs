//! The source map leads back to the author's lines.

use oxc_sourcemap::SourceMap;

use crate::support::{ok, on_disk};

#[tokio::test]
async fn maps_a_token_back() {
    let util = "// first\n\nexport function domain(email: string) {\n  return email.split('MARK')[1];\n}\n";
    let bundle = ok(on_disk(&[
        (
            "hooks/a.ts",
            "import { domain } from '../lib/util';\nexport const beforeSignup = () => domain('x');\n",
        ),
        ("lib/util.ts", util),
    ])
    .await);
    let map = SourceMap::from_json_string(&bundle.source_map).unwrap();
    assert_eq!(map.get_sources().collect::<Vec<_>>(), ["lib/util.ts", "hooks/a.ts"]);
    assert_eq!(map.get_source_content(0), Some(util));
    let line = bundle.code.lines().position(|line| line.contains("MARK")).unwrap();
    let column = bundle.code.lines().nth(line).unwrap().find("\"MARK\"").unwrap();
    let table = map.generate_lookup_table();
    let token = map
        .lookup_source_view_token(&table, u32::try_from(line).unwrap(), u32::try_from(column).unwrap())
        .unwrap();
    assert_eq!(token.get_source(), Some("lib/util.ts"));
    assert_eq!((token.get_src_line(), token.get_src_col()), (3, 21));
}

#[tokio::test]
async fn counts_columns_in_windows_files_with_unicode() {
    let bundle = ok(on_disk(&[("a.ts", "\u{feff}// é\r\nexport const beforeSignup = () => ['😀é', missing()];\r\ndeclare function missing(): void;\r\n")]).await);
    let map = SourceMap::from_json_string(&bundle.source_map).unwrap();
    let found = map
        .get_source_view_tokens()
        .any(|token| (token.get_src_line(), token.get_src_col()) == (1, 42));
    assert!(found, "{}", bundle.source_map);
}
