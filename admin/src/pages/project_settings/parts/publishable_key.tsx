// The publishable key of a new environment: it can be read again later, in the list of keys.
import { Id } from "../../../parts/copy.tsx";
import { Facts } from "../../../parts/page.tsx";

export function PublishableKey({ value }: { value: string }) {
  return (
    <Facts
      facts={[
        [
          "Publishable key",
          <Id key="key" label="Copy the publishable key">
            {value}
          </Id>,
        ],
      ]}
    />
  );
}
