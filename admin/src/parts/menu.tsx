// A button that opens a list of things to do. What cannot be done now stays in the list and says why.
import { Menu as AriaMenu, Button, MenuItem, MenuTrigger, Popover, Text } from "react-aria-components";
import { buttonClass } from "./button.tsx";
import { Icon, type IconName } from "./icon.tsx";
import styles from "./menu.module.css";

export type MenuAction = {
  id: string;
  title: string;
  icon?: IconName;
  hint?: string;
  onAction: () => void;
  isDanger?: boolean;
  whyNot?: string | undefined;
};

type Props = {
  label: string;
  items: readonly MenuAction[];
  icon?: IconName;
  small?: boolean /** Shows the label instead of the icon alone. */;
  isNamed?: boolean;
};

export function Menu({ label, items, icon = "more", small, isNamed }: Props) {
  return (
    <MenuTrigger>
      <Button
        className={`${buttonClass(isNamed ? "plain" : "quiet", { small })} ${isNamed ? "" : styles.alone}`}
        {...(isNamed ? {} : { "aria-label": label })}
      >
        {isNamed ? label : <Icon name={icon} />}
        {isNamed && <Icon name="down" />}
      </Button>
      <Popover className={styles.popover ?? ""} placement="bottom end" offset={4}>
        <AriaMenu className={styles.menu ?? ""} aria-label={label} items={items}>
          {(item) => (
            <MenuItem
              id={item.id}
              textValue={item.title}
              className={`${styles.item} ${item.isDanger ? styles.danger : ""} ${item.whyNot ? styles.off : ""}`}
              onAction={() => {
                if (!item.whyNot) item.onAction();
              }}
            >
              {item.icon && <Icon name={item.icon} />}
              <Text slot="label">{item.title}</Text>
              {(item.whyNot ?? item.hint) && (
                <Text slot="description" className={styles.hint ?? ""}>
                  {item.whyNot ?? item.hint}
                </Text>
              )}
            </MenuItem>
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
