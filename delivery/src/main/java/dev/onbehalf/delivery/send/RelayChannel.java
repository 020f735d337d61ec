package dev.onbehalf.delivery.send;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.delivery.Secret;
import dev.onbehalf.delivery.send.DeliveryException.Kind;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The webhook of the "Jenkins for Jira" app: envelopes in a JWT signed with the shared secret;
 * {@code docs/peer-facts.md} 2.8.
 */
final class RelayChannel implements Channel {
  private static final Duration LIFE = Duration.ofMinutes(5);

  /** The relay refuses an issue time in the future without any leeway. */
  private static final Duration CLOCK_LEEWAY = Duration.ofSeconds(60);

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final String HEADER = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");

  private final Site site;
  private final Caller caller;

  RelayChannel(Site site, Caller caller) {
    this.site = site;
    this.caller = caller;
  }

  @Override
  public int maxPerRequest(DataType type) {
    return 1;
  }

  @Override
  public JsonNode post(DataType type, ObjectNode body, Instant deadline) throws DeliveryException {
    String event =
        type.relayEvent()
            .orElseThrow(
                () ->
                    new DeliveryException(
                        Kind.REFUSED,
                        "The relay %s carries builds and deployments only, not a %s."
                            .formatted(site.name(), type.noun())));
    JsonNode entity = body.path(type.collection()).path(0);
    boolean nested = entity.has("pipeline");
    JsonNode pipeline = nested ? entity.path("pipeline") : entity;
    ObjectNode envelope = envelope("event");
    envelope.put("eventType", event);
    envelope.put("pipelineId", pipeline.path(nested ? "id" : "pipelineId").asString());
    envelope.put("pipelineName", pipeline.path("displayName").asString());
    envelope.put("status", entity.path("state").asString());
    envelope.put("lastUpdated", entity.path("lastUpdated").asString());
    envelope.set("payload", body);
    return send(envelope, deadline);
  }

  @Override
  public JsonNode gate(String pipelineId, String environmentId, long deployment, Instant deadline)
      throws DeliveryException {
    ObjectNode envelope = envelope("gatingStatus");
    envelope.put("deploymentId", String.valueOf(deployment));
    envelope.put("pipelineId", pipelineId);
    envelope.put("environmentId", environmentId);
    return send(envelope, deadline);
  }

  @Override
  public List<SiteCheck> check(Instant deadline) {
    try {
      JsonNode answer = send(envelope("ping"), deadline);
      boolean success = answer.path("success").asBoolean(false);
      return List.of(
          new SiteCheck(
              "relay", success, success ? "answered the ping" : "did not confirm the ping"),
          SiteCheck.clock(caller.skew()));
    } catch (DeliveryException e) {
      return List.of(new SiteCheck("relay", false, String.valueOf(e.getMessage())));
    }
  }

  private JsonNode send(ObjectNode envelope, Instant deadline) throws DeliveryException {
    HttpRequest request =
        caller
            .http()
            .request(site.webhook())
            .header("Content-Type", "application/jwt")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(token(envelope.toString())))
            .build();
    try {
      return caller.call(request, deadline);
    } catch (DeliveryException e) {
      if (e.kind() == Kind.UNAUTHORISED) {
        throw new DeliveryException(
            Kind.MISCONFIGURED,
            "The relay of %s did not accept the signature; check the shared secret and this machine's clock."
                .formatted(site.name()));
      }
      throw e;
    }
  }

  private String token(String envelope) {
    Instant now = caller.now();
    ObjectNode claims = JsonNodeFactory.instance.objectNode();
    claims.put("iss", "jenkins-plugin");
    claims.put("aud", "jenkins-forge-app");
    claims.put("iat", now.minus(CLOCK_LEEWAY).getEpochSecond());
    claims.put("exp", now.plus(LIFE).getEpochSecond());
    claims.put("request_body_json", envelope);
    String signed = HEADER + '.' + encode(claims.toString());
    return signed + '.' + BASE64.encodeToString(hmac(site.secret(), signed));
  }

  private static byte[] hmac(Secret secret, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has HmacSHA256", e);
    }
  }

  private static ObjectNode envelope(String requestType) {
    return JsonNodeFactory.instance.objectNode().put("requestType", requestType);
  }

  private static String encode(String json) {
    return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
