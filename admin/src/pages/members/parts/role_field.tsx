// The choice of a role, with what each may do.
import type { Role } from "../../../api/queries/members.ts";
import { SelectField } from "../../../parts/field.tsx";
import { isRole, ROLES } from "./roles.ts";

export function RoleField({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  return (
    <SelectField
      name="role"
      label="Role"
      options={ROLES}
      hint={ROLES.find((role) => role.value === value)?.hint}
      value={value}
      onChange={(role) => isRole(role) && onChange(role)}
    />
  );
}
