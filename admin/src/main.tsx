// Where the browser begins: the styles, the theme that was chosen, then the app.
import "@fontsource-variable/inter/index.css";
import "./style/tokens.css";
import "./style/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { applyTheme } from "./api/preferences.ts";
import { App } from "./app.tsx";
import { followUpdates } from "./frame/update.ts";

applyTheme();
followUpdates();
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
