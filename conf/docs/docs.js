/*
 * The page at /docs: shows the document that its server publishes, by Swagger UI where that is installed beside this file, else as
 * a plain list of the operations.  Nothing is loaded from anywhere else.
 */
"use strict";

const page = document.getElementById("page");
const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

function element(name, text, parent) {
    const made = document.createElement(name);
    made.textContent = text;
    parent.append(made);
    return made;
}

function showPlainly(api) {
    page.classList.add("plain");
    if (api.info.description) {
        element("p", api.info.description, page);
    }
    const table = document.createElement("table");
    table.className = "operations";
    const head = table.createTHead().insertRow();
    for (const title of ["Method", "Path", "Operation", ""]) {
        element("th", title, head);
    }
    const body = table.createTBody();
    for (const [path, item] of Object.entries(api.paths)) {
        for (const method of methods.filter((name) => item[name])) {
            const row = body.insertRow();
            element("code", method.toUpperCase(), row.insertCell());
            element("code", path, row.insertCell());
            element("code", item[method].operationId || "", row.insertCell());
            row.insertCell().textContent = item[method].summary || item[method].description || "";
        }
    }
    page.append(table);
    element("p", "With the files of Swagger UI (swagger-ui.css and swagger-ui-bundle.js of the npm package swagger-ui-dist) in the "
        + "directory of ActivitiesDocsDirectory, this page describes parameters, bodies and replies as well, and sends requests.",
        page).className = "hint";
}

async function show() {
    const address = new URL(page.dataset.document, location.href).href;
    if (window.SwaggerUIBundle) {
        page.classList.add("swagger");
        window.SwaggerUIBundle({
            url: address,
            dom_id: "#page",
            deepLinking: true,
            validatorUrl: null,
            persistAuthorization: false,
            presets: [window.SwaggerUIBundle.presets.apis],
        });
        return;
    }
    const reply = await fetch(address);
    if (!reply.ok) {
        throw new Error(`${address}: ${reply.status}`);
    }
    showPlainly(await reply.json());
}

show().catch((error) => {
    element("p", `The document cannot be shown: ${error.message}`, page).className = "hint";
});
