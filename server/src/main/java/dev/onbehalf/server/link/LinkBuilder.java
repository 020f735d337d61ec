package dev.onbehalf.server.link;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.onbehalf.applinks.application.ApplicationType;
import dev.onbehalf.applinks.application.GenericApplicationType;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.server.link.Link.Endpoints;
import dev.onbehalf.server.link.Link.Levels;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Link}, or a changed copy of one. A new one is of the generic type, signs by
 * RSA-SHA1 with this server's key pair and takes each person's own token.
 */
public final class LinkBuilder {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._:()+-]{0,99}");
  private static final Pattern CONSUMER_KEY = Pattern.compile("[!-~]{1,255}");
  private static final int LONGEST_URL = 2000;

  private final UUID id;
  private final Instant now;
  private final Instant created;
  private final long revision;
  private String name;
  private ApplicationType type = new GenericApplicationType();
  private URI rpcUrl;
  private @Nullable URI displayUrl;
  private String consumerKey;
  private SignatureMethod signatureMethod = SignatureMethod.RSA_SHA1;
  private @Nullable Secret secret;
  private Levels levels = Levels.DEFAULT;
  private @Nullable Endpoints endpoints;
  private boolean callbackConfirmed = true;
  private boolean privateAddresses;
  private boolean browserSessions;
  private @Nullable String peerConsumerKey;

  LinkBuilder(UUID id, String name, URI rpcUrl, String consumerKey, Instant now) {
    this.id = id;
    this.name = name;
    this.rpcUrl = rpcUrl;
    this.consumerKey = consumerKey;
    this.now = now;
    created = now;
    revision = 1;
  }

  LinkBuilder(Link link, Instant now) {
    id = link.id();
    name = link.name();
    type = link.type();
    rpcUrl = link.rpcUrl();
    displayUrl = link.displayUrl();
    consumerKey = link.consumerKey();
    signatureMethod = link.signatureMethod();
    secret = link.secret();
    levels = link.levels();
    endpoints = link.endpoints();
    callbackConfirmed = link.callbackConfirmed();
    privateAddresses = link.privateAddresses();
    browserSessions = link.browserSessions();
    peerConsumerKey = link.peerConsumerKey();
    created = link.created();
    revision = link.revision() + 1;
    this.now = now;
  }

  @CanIgnoreReturnValue
  public LinkBuilder name(String value) {
    name = value;
    return this;
  }

  @CanIgnoreReturnValue
  public LinkBuilder type(ApplicationType value) {
    type = value;
    return this;
  }

  /** Sets both URLs; {@link #displayUrl} after it sets another one for browsers. */
  @CanIgnoreReturnValue
  public LinkBuilder rpcUrl(URI value) {
    rpcUrl = value;
    displayUrl = null;
    return this;
  }

  @CanIgnoreReturnValue
  public LinkBuilder displayUrl(URI value) {
    displayUrl = value;
    return this;
  }

  @CanIgnoreReturnValue
  public LinkBuilder consumerKey(String value) {
    consumerKey = value;
    return this;
  }

  /** Sets the method; an RSA one forgets the shared secret. */
  @CanIgnoreReturnValue
  public LinkBuilder signatureMethod(SignatureMethod value) {
    signatureMethod = value;
    secret = value.isRsa() ? null : secret;
    return this;
  }

  @CanIgnoreReturnValue
  public LinkBuilder secret(Secret value) {
    secret = value;
    return this;
  }

  @CanIgnoreReturnValue
  public LinkBuilder levels(Levels value) {
    levels = value;
    return this;
  }

  /** Sets the peer's OAuth endpoints; null for those of Atlassian products. */
  @CanIgnoreReturnValue
  public LinkBuilder endpoints(@Nullable Endpoints value) {
    endpoints = value;
    return this;
  }

  @CanIgnoreReturnValue
  public LinkBuilder callbackConfirmed(boolean value) {
    callbackConfirmed = value;
    return this;
  }

  @CanIgnoreReturnValue
  public LinkBuilder privateAddresses(boolean value) {
    privateAddresses = value;
    return this;
  }

  @CanIgnoreReturnValue
  public LinkBuilder browserSessions(boolean value) {
    browserSessions = value;
    return this;
  }

  /** Notes the consumer key by which the peer calls this server. */
  @CanIgnoreReturnValue
  public LinkBuilder peerConsumerKey(String value) {
    peerConsumerKey = value;
    return this;
  }

  /**
   * Makes the link.
   *
   * @throws IllegalArgumentException with one sentence naming what is wrong and what helps
   */
  public Link build() {
    require(
        NAME.matcher(name).matches(),
        "A link's name has 1 to 100 letters, digits, spaces and . _ : ( ) + - signs, and starts"
            + " with a letter or digit.");
    require(
        !isId(name), "A link's name must not look like an identifier of a link; choose another.");
    require(
        CONSUMER_KEY.matcher(consumerKey).matches(),
        "A consumer key has 1 to 255 visible ASCII characters.");
    require(
        !levels.providers().isEmpty(),
        "A link needs one way to authenticate at least: three-legged, two-legged or impersonation.");
    require(
        signatureMethod.isRsa() || secret != null,
        "The method "
            + signatureMethod.parameterValue()
            + " needs the secret shared with the peer; give its file.");
    require(
        !signatureMethod.isRsa() || secret == null,
        "The method "
            + signatureMethod.parameterValue()
            + " signs with this server's key pair and takes no secret; leave it out, or choose"
            + " HMAC-SHA1.");
    require(
        secret == null || (!secret.isEmpty() && secret.reveal().length() <= 1000),
        "A shared secret has 1 to 1000 characters.");
    URI rpc = base(rpcUrl);
    Link link =
        new Link(
            id,
            name,
            type,
            rpc,
            displayUrl == null ? rpc : base(displayUrl),
            consumerKey,
            signatureMethod,
            secret,
            levels,
            endpoints,
            callbackConfirmed,
            privateAddresses,
            browserSessions,
            peerConsumerKey,
            revision,
            created,
            now);
    link.validate();
    return link;
  }

  /** Whether {@code text} can be the name of a link. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches() && !isId(text);
  }

  private static boolean isId(String text) {
    try {
      return UUID.fromString(text).toString().equalsIgnoreCase(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static URI base(URI url) {
    String text = url.toString();
    require(text.length() <= LONGEST_URL, "A link's URL has at most 2000 characters.");
    while (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    return URI.create(text);
  }

  private static void require(boolean condition, String sentence) {
    if (!condition) {
      throw new IllegalArgumentException(sentence);
    }
  }
}
