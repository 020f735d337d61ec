package dev.onbehalf.server.admin;

import dev.onbehalf.server.link.Link;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Links as JSON, without any secret. */
final class LinkJson {
  private LinkJson() {}

  static ObjectNode of(Link link, int authorised) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", link.id().toString())
        .put("name", link.name())
        .put("type", link.type().typeId())
        .put("url", link.rpcUrl().toString())
        .put("displayUrl", link.displayUrl().toString())
        .put("consumerKey", link.consumerKey())
        .put("signatureMethod", link.signatureMethod().parameterValue())
        .put("threeLegged", link.levels().threeLegged())
        .put("twoLegged", link.levels().twoLegged())
        .put("impersonation", link.levels().impersonation());
    Link.Endpoints endpoints = link.endpoints();
    if (endpoints != null) {
      json.put("requestTokenUrl", endpoints.requestToken())
          .put("authorizeUrl", endpoints.authorize())
          .put("accessTokenUrl", endpoints.accessToken());
    }
    return json.put("callbackConfirmed", link.callbackConfirmed())
        .put("privateAddresses", link.privateAddresses())
        .put("browserSessions", link.browserSessions())
        .put("peerConsumerKey", link.peerConsumerKey())
        .put("authorised", authorised)
        .put("created", link.created().toString())
        .put("changed", link.changed().toString());
  }
}
