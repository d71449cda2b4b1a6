import "uplot/dist/uPlot.min.css";
import "./style/page.css";
import { App } from "./app.ts";
import { applyTheme } from "./theme.ts";

applyTheme();
document.body.replaceChildren(...new App().elements);
