package dev.onbehalf.server.provider;

import dev.onbehalf.server.web.WebHandler;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;

/** Publishes the instance's own consumer key and public key ({@code docs/peer-facts.md} 1.12). */
final class ConsumerInfoEndpoint implements WebHandler {
  private final InstanceKeys keys;

  ConsumerInfoEndpoint(InstanceKeys keys) {
    this.keys = keys;
  }

  @Override
  public WebResponse handle(WebRequest request) {
    String name = request.application() == null ? "Onbehalf" : "Onbehalf: " + request.application();
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<consumer>\n"
            + element("key", keys.consumerKey())
            + element("name", name)
            + element("publicKey", keys.current().base64())
            + element("description", "Onbehalf at " + request.publicUrl())
            + "</consumer>\n";
    return WebResponse.of(200, "application/xml;charset=UTF-8", xml)
        .with("Access-Control-Allow-Origin", "*");
  }

  private static String element(String name, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return "  <" + name + ">" + escaped + "</" + name + ">\n";
  }
}
