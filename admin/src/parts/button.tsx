// Buttons: with words, with an icon alone, and with the reason why they cannot be used now.
import type { ReactNode } from "react";
import { Button as AriaButton, Tooltip, TooltipTrigger } from "react-aria-components";
import styles from "./button.module.css";
import { Icon, type IconName } from "./icon.tsx";

export type ButtonKind = "plain" | "primary" | "danger" | "quiet";

type Common = {
  onPress?: () => void;
  /** Why it cannot be used: it can still be reached, and says so. */
  whyNot?: string | undefined;
  isPending?: boolean;
  small?: boolean;
  kind?: ButtonKind;
  autoFocus?: boolean;
  isExpanded?: boolean;
};

type ButtonProps = Common & { children: ReactNode; icon?: IconName; type?: "button" | "submit"; wide?: boolean };

export function Button({ children, icon, kind = "plain", type = "button", small, wide, ...rest }: ButtonProps) {
  const name = buttonClass(kind, { small, wide, whyNot: rest.whyNot });
  return (
    <Pressed {...rest} type={type} className={name}>
      {rest.isPending ? <Busy /> : icon && <Icon name={icon} />}
      <span className={styles.words}>{children}</span>
    </Pressed>
  );
}

type IconButtonProps = Common & { icon: IconName; label: string; isOn?: boolean };

export function IconButton({ icon, label, kind = "quiet", small, isOn, ...rest }: IconButtonProps) {
  const name = `${buttonClass(kind, { small, whyNot: rest.whyNot })} ${styles.alone} ${isOn ? styles.on : ""}`;
  return (
    <Pressed {...rest} label={label} tip={rest.whyNot ?? label} className={name} isOn={isOn}>
      {rest.isPending ? <Busy /> : <Icon name={icon} />}
    </Pressed>
  );
}

type PressedProps = Common & {
  children: ReactNode;
  className: string;
  type?: "button" | "submit";
  label?: string;
  tip?: string;
  isOn?: boolean | undefined;
};

function Pressed({ children, className, type = "button", label, tip = "", whyNot, onPress, ...rest }: PressedProps) {
  const isPending = rest.isPending ?? false;
  const isOff = Boolean(whyNot) || isPending;
  const shown = whyNot ?? tip;
  const button = (
    <AriaButton
      className={className}
      type={isOff ? "button" : type}
      aria-label={label && whyNot ? `${label}. ${whyNot}` : label}
      aria-disabled={isOff || undefined}
      data-busy={isPending || undefined}
      data-submits={type === "submit" || undefined}
      aria-pressed={rest.isOn}
      aria-expanded={rest.isExpanded}
      autoFocus={rest.autoFocus ?? false}
      {...(isOff || !onPress ? {} : { onPress })}
    >
      {children}
      {whyNot && !label && <span className="hidden-visually">{` (${whyNot})`}</span>}
    </AriaButton>
  );
  if (!shown) return button;
  return (
    <TooltipTrigger delay={whyNot ? 100 : 500} closeDelay={50}>
      {button}
      <Tooltip className={styles.tip ?? ""} offset={6}>
        {shown}
      </Tooltip>
    </TooltipTrigger>
  );
}

/** The look of a button, for links that are shown as one. */
export function buttonClass(
  kind: ButtonKind,
  more: { small?: boolean | undefined; wide?: boolean | undefined; whyNot?: string | undefined } = {},
): string {
  const names = [styles.button, styles[kind]];
  if (more.small) names.push(styles.small);
  if (more.wide) names.push(styles.wide);
  if (more.whyNot) names.push(styles.off);
  return names.join(" ");
}

function Busy() {
  return <span className={styles.busy} aria-hidden="true" />;
}
