// How the pages look and answer to keys in this browser.
import { prefer, type Theme, usePreferences } from "../../../api/preferences.ts";
import { SelectField, Switch } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { Section } from "../../../parts/page.tsx";

export function Appearance() {
  const { theme, hasSingleKeys } = usePreferences();
  return (
    <Section title="This browser" lead="Kept in this browser alone.">
      <Form onSubmit={() => {}} label="This browser">
        <SelectField
          name="theme"
          label="Theme"
          value={theme}
          onChange={(value) => prefer({ theme: value as Theme })}
          options={[
            { value: "system", title: "As the system" },
            { value: "light", title: "Light" },
            { value: "dark", title: "Dark" },
          ]}
        />
        <Switch
          name="singleKeys"
          label="Shortcuts of a single key"
          hint="Such as j and k in lists. Press ? for all of them."
          isSelected={hasSingleKeys}
          onChange={(isOn) => prefer({ hasSingleKeys: isOn })}
        />
      </Form>
    </Section>
  );
}
