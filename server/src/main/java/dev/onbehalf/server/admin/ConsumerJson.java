package dev.onbehalf.server.admin;

import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.server.config.Durations;
import dev.onbehalf.server.provider.AccessToken;
import dev.onbehalf.server.provider.CallbackUrl;
import dev.onbehalf.server.provider.Consumer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Consumers and tokens as JSON, without any secret. */
final class ConsumerJson {
  private ConsumerJson() {}

  static ObjectNode of(Consumer consumer) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("key", consumer.key())
        .put("name", consumer.name())
        .put("description", consumer.description())
        .put("signatureMethod", consumer.signatureMethod().parameterValue())
        .put("enabled", consumer.enabled())
        .put("threeLegged", consumer.threeLegged())
        .put("twoLegged", consumer.twoLegged())
        .put("executeAs", consumer.executeAs())
        .put("impersonation", consumer.impersonation())
        .put("legacy", consumer.legacyFlow());
    texts(json, "callbacks", consumer.callbacks().stream().map(CallbackUrl::text).toList());
    texts(json, "applications", consumer.applications().stream().sorted().toList());
    texts(json, "permissions", consumer.limits().permissions().texts());
    var impersonation = consumer.limits().impersonation();
    texts(json, "impersonateUsers", impersonation.users().stream().sorted().toList());
    texts(json, "impersonateGroups", impersonation.groups().stream().sorted().toList());
    json.put("impersonateProtected", impersonation.protectedPeople())
        .put("tokenLife", text(consumer.limits().tokenLife()))
        .put("idleLimit", text(consumer.limits().idleLimit()))
        .put("created", text(consumer.created()))
        .put("changed", text(consumer.changed()));
    ArrayNode credentials = json.putArray("credentials");
    consumer
        .publicKeys()
        .forEach(
            key ->
                credentials
                    .addObject()
                    .put("id", key.id())
                    .put("kind", "public key")
                    .put("thumbprint", Keys.thumbprint(key.key()))
                    .put("created", text(key.created()))
                    .put("lastUsed", text(key.lastUsed())));
    consumer
        .sharedSecrets()
        .forEach(
            secret ->
                credentials
                    .addObject()
                    .put("id", secret.id())
                    .put("kind", "shared secret")
                    .put("created", text(secret.created()))
                    .put("lastUsed", text(secret.lastUsed())));
    texts(json, "warnings", consumer.warnings());
    return json;
  }

  static ObjectNode of(AccessToken token) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", token.id())
        .put("person", token.person())
        .put("consumer", token.consumerKey())
        .put("application", token.application())
        .put("created", text(token.granted()))
        .put("renewed", text(token.renewed()))
        .put("expires", text(token.expires()))
        .put("sessionExpires", text(token.sessionExpires()))
        .put("grantEnds", text(token.grantEnds()))
        .put("lastUsed", text(token.lastUsed()));
    if (token.permissions() != null) {
      texts(json, "permissions", token.permissions().texts());
    }
    return json;
  }

  static void texts(ObjectNode json, String field, Collection<String> values) {
    ArrayNode array = json.putArray(field);
    values.forEach(array::add);
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static @Nullable String text(@Nullable Duration duration) {
    return duration == null ? null : Durations.format(duration);
  }
}
