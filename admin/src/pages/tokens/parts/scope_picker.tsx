// The choice of what a token may do. What a chosen permission brings along is ticked and cannot be taken out alone.
import type { Permission } from "../../../api/queries/tokens.ts";
import { Checkbox } from "../../../parts/field.tsx";
import { FieldGroup } from "../../../parts/form.tsx";
import { includedBy, SCOPES } from "./scopes.ts";

type Props = {
  chosen: readonly Permission[];
  isOfServer: boolean;
  onChange: (chosen: Permission[]) => void;
};

export function ScopePicker({ chosen, isOfServer, onChange }: Props) {
  const scopes = SCOPES.filter((scope) => isOfServer || !scope.serverOnly);
  return (
    <FieldGroup title="Permissions">
      {scopes.map(({ name, about }) => {
        const by = includedBy(name, chosen);
        const change = (isOn: boolean) => onChange(isOn ? [...chosen, name] : chosen.filter((other) => other !== name));
        return (
          <Checkbox
            key={name}
            name="scopes"
            label={name}
            hint={by ? `${about} Included in ${by}.` : about}
            isSelected={by !== undefined || chosen.includes(name)}
            isDisabled={by !== undefined}
            onChange={change}
          />
        );
      })}
    </FieldGroup>
  );
}
