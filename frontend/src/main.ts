import { mount } from "svelte";
import App from "./App.svelte";
import { followLinks } from "./router";
import "./styles/tokens.css";
import "./styles/base.css";

const target = document.getElementById("app");
if (target === null) throw new Error("There is no place for the page.");
followLinks(document.body);
mount(App, { target });
