// The browser has its cookie now. A link that the page itself follows carries it; a redirect would not.
location.replace(document.getElementById("open").href);
