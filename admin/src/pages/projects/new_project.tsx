export function NewProject() {
  return null;
}
