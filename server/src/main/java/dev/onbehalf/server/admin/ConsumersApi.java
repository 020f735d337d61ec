package dev.onbehalf.server.admin;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.server.access.ImpersonationLimits;
import dev.onbehalf.server.access.Permissions;
import dev.onbehalf.server.config.Durations;
import dev.onbehalf.server.provider.AccessToken;
import dev.onbehalf.server.provider.Consumer;
import dev.onbehalf.server.provider.ConsumerBuilder;
import dev.onbehalf.server.provider.ProviderAdministration;
import dev.onbehalf.server.provider.ProviderAdministration.NewSecret;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/consumers} and {@code /api/tokens}. */
final class ConsumersApi {
  private static final int SECRET_BYTES = 32;
  private static final Set<String> FIELDS =
      Set.of(
          "key",
          "name",
          "description",
          "signatureMethod",
          "publicKey",
          "sharedSecret",
          "generateSecret",
          "callbacks",
          "threeLegged",
          "twoLegged",
          "executeAs",
          "impersonation",
          "legacy",
          "applications",
          "enabled",
          "permissions",
          "impersonateUsers",
          "impersonateGroups",
          "impersonateProtected",
          "tokenLife",
          "idleLimit");

  private final ProviderAdministration provider;
  private final SecureRandom random = new SecureRandom();

  ConsumersApi(ProviderAdministration provider) {
    this.provider = provider;
  }

  void addTo(AdminRouter router) {
    router
        .on("GET", "/api/consumers", request -> list())
        .on("POST", "/api/consumers", this::add)
        .on("GET", "/api/consumers/{key}", request -> ConsumerJson.of(existing(request)))
        .on("PATCH", "/api/consumers/{key}", this::edit)
        .on("DELETE", "/api/consumers/{key}", this::remove)
        .on("POST", "/api/consumers/{key}/rotate", this::rotate)
        .on("POST", "/api/consumers/{key}/retire", this::retire)
        .on("GET", "/api/tokens", this::tokens)
        .on("DELETE", "/api/tokens/{id}", this::revoke);
  }

  private JsonNode list() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    provider.consumers().forEach(consumer -> all.add(ConsumerJson.of(consumer)));
    return all;
  }

  private JsonNode add(AdminRequest request) {
    request.onlyFields(FIELDS);
    String key = request.text("key");
    if (provider.consumer(key).isPresent()) {
      throw new AdminException(409, "There is a consumer '" + key + "' already.");
    }
    Secret generated = generated(request);
    ConsumerBuilder builder = provider.newConsumer(key).name(key);
    Consumer added =
        provider.add(
            Administration.actor(request), fill(builder, request, null, generated).build());
    return withSecret(ConsumerJson.of(added), generated);
  }

  private JsonNode edit(AdminRequest request) {
    request.onlyFields(FIELDS);
    if (request.has("key")) {
      throw AdminException.badRequest("A consumer's key cannot be changed; add another consumer.");
    }
    Consumer before = existing(request);
    Secret generated = generated(request);
    Consumer after =
        provider.edit(
            Administration.actor(request),
            before.key(),
            builder -> fill(builder, request, before, generated));
    return withSecret(ConsumerJson.of(after), generated);
  }

  private @Nullable JsonNode remove(AdminRequest request) {
    String key = request.path("key");
    if (!provider.remove(Administration.actor(request), key)) {
      throw AdminException.notFound("consumer", key);
    }
    return null;
  }

  /** Adds a second live credential: the given public key or secret, else a generated secret. */
  private JsonNode rotate(AdminRequest request) {
    request.onlyFields(Set.of("publicKey", "sharedSecret"));
    String key = existing(request).key();
    Optional<RSAPublicKey> publicKey = request.optionalText("publicKey").map(Keys::publicKey);
    if (publicKey.isPresent()) {
      return ConsumerJson.of(
          provider.rotateKey(Administration.actor(request), key, publicKey.get()));
    }
    Optional<Secret> given = request.optionalText("sharedSecret").map(Secret::of);
    NewSecret added =
        given.isPresent()
            ? provider.rotateSecret(Administration.actor(request), key, given.get())
            : provider.rotateSecret(Administration.actor(request), key);
    return withSecret(ConsumerJson.of(added.consumer()), given.isPresent() ? null : added.secret());
  }

  /** Ends one live credential, or all but the newest. */
  private JsonNode retire(AdminRequest request) {
    request.onlyFields(Set.of("credential"));
    String key = existing(request).key();
    return ConsumerJson.of(
        request
            .optionalText("credential")
            .map(credential -> provider.retire(Administration.actor(request), key, credential))
            .orElseGet(() -> provider.retireOlder(Administration.actor(request), key)));
  }

  private JsonNode tokens(AdminRequest request) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (AccessToken token :
        provider.tokens(
            request.queryValue("person").orElse(null),
            request.queryValue("consumer").orElse(null))) {
      all.add(ConsumerJson.of(token));
    }
    return all;
  }

  private @Nullable JsonNode revoke(AdminRequest request) {
    String id = request.path("id");
    if (!provider.revoke(Administration.actor(request), id)) {
      throw AdminException.notFound("access token", id);
    }
    return null;
  }

  private Consumer existing(AdminRequest request) {
    String key = request.path("key");
    return provider.consumer(key).orElseThrow(() -> AdminException.notFound("consumer", key));
  }

  @CanIgnoreReturnValue
  private static ConsumerBuilder fill(
      ConsumerBuilder builder,
      AdminRequest request,
      @Nullable Consumer before,
      @Nullable Secret generated) {
    request.optionalText("name").ifPresent(builder::name);
    request.optionalText("description").ifPresent(builder::description);
    request
        .optionalText("signatureMethod")
        .map(ConsumersApi::method)
        .ifPresent(builder::signatureMethod);
    request.optionalText("publicKey").map(Keys::publicKey).ifPresent(builder::publicKey);
    request.optionalText("sharedSecret").map(Secret::of).ifPresent(builder::sharedSecret);
    if (generated != null) {
      builder.sharedSecret(generated);
    }
    if (request.has("callbacks")) {
      builder.callbacks(request.texts("callbacks"));
    }
    if (request.has("threeLegged")) {
      builder.threeLegged(request.flag("threeLegged", true));
    }
    twoLegged(builder, request, before);
    if (request.has("impersonation")) {
      builder.impersonation(request.flag("impersonation", false));
    }
    if (request.has("legacy")) {
      builder.legacyFlow(request.flag("legacy", false));
    }
    if (request.has("applications")) {
      builder.applications(request.texts("applications"));
    }
    if (request.has("enabled")) {
      builder.enabled(request.flag("enabled", true));
    }
    limits(builder, request, before);
    return builder;
  }

  private static void twoLegged(
      ConsumerBuilder builder, AdminRequest request, @Nullable Consumer before) {
    Optional<String> executeAs = request.optionalText("executeAs");
    if (executeAs.isPresent()
        && !request.has("twoLegged")
        && before != null
        && !before.twoLegged()) {
      throw AdminException.badRequest(
          "The consumer '"
              + before.key()
              + "' is not two-legged, so nothing runs as its execute-as user: give"
              + " --two-legged true (twoLegged) as well.");
    }
    boolean wanted = request.flag("twoLegged", executeAs.isPresent());
    if (request.has("twoLegged") && !wanted) {
      builder.twoLegged(null);
    } else if (wanted) {
      String user = executeAs.orElse(before == null ? null : before.executeAs());
      if (user == null) {
        throw AdminException.badRequest(
            "A two-legged consumer needs the user it runs as: give executeAs.");
      }
      builder.twoLegged(user);
    }
  }

  private static void limits(
      ConsumerBuilder builder, AdminRequest request, @Nullable Consumer before) {
    if (request.has("permissions")) {
      builder.permissions(Permissions.parse(request.texts("permissions")));
    }
    ImpersonationLimits old =
        before == null ? ImpersonationLimits.DEFAULT : before.limits().impersonation();
    builder.impersonationLimits(
        new ImpersonationLimits(
            request.has("impersonateUsers")
                ? Set.copyOf(request.texts("impersonateUsers"))
                : old.users(),
            request.has("impersonateGroups")
                ? Set.copyOf(request.texts("impersonateGroups"))
                : old.groups(),
            request.flag("impersonateProtected", old.protectedPeople())));
    request.optionalText("tokenLife").ifPresent(text -> builder.tokenLife(life(text)));
    request.optionalText("idleLimit").ifPresent(text -> builder.idleLimit(life(text)));
  }

  private static @Nullable Duration life(String text) {
    return text.isEmpty() ? null : Durations.parse(text);
  }

  private static SignatureMethod method(String name) {
    SignatureMethod method = SignatureMethod.named(name);
    if (method == null) {
      throw AdminException.badRequest(
          "There is no signature method '"
              + name
              + "'; take one of "
              + List.of(SignatureMethod.values()).stream()
                  .map(SignatureMethod::parameterValue)
                  .toList()
              + ".");
    }
    return method;
  }

  private @Nullable Secret generated(AdminRequest request) {
    if (!request.flag("generateSecret", false)) {
      return null;
    }
    if (request.has("sharedSecret")) {
      throw AdminException.badRequest("Give sharedSecret or generateSecret, not both.");
    }
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  private static JsonNode withSecret(ObjectNode consumer, @Nullable Secret generated) {
    if (generated != null) {
      consumer.put("sharedSecret", generated.reveal());
    }
    return consumer;
  }
}
