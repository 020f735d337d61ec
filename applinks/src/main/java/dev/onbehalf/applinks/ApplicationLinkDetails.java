package dev.onbehalf.applinks;

import dev.onbehalf.applinks.application.ApplicationType;
import dev.onbehalf.applinks.auth.AuthenticationProvider;
import dev.onbehalf.applinks.auth.OAuthAuthenticationProvider;
import dev.onbehalf.oauth1.Signer;
import java.net.URI;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a link is configured with ({@code docs/peer-facts.md} 1.11). Immutable, and without secrets
 * of its own: keys and shared secrets stay inside the {@link Signer}.
 */
public final class ApplicationLinkDetails {
  private static final String OAUTH = "/plugins/servlet/oauth/";

  private final ApplicationId id;
  private final String name;
  private final ApplicationType type;
  private final URI rpcUrl;
  private final URI displayUrl;
  private final boolean primary;
  private final Signer signer;
  private final Set<Mode> modes;
  private final URI requestTokenUrl;
  private final URI authorizeUrl;
  private final URI accessTokenUrl;
  private final boolean callbackConfirmedRequired;

  private ApplicationLinkDetails(Builder builder) {
    id = builder.id;
    name = builder.name;
    type = builder.type;
    rpcUrl = builder.rpcUrl;
    displayUrl = builder.displayUrl == null ? rpcUrl : builder.displayUrl;
    primary = builder.primary;
    signer = builder.signer;
    modes = EnumSet.copyOf(builder.modes);
    requestTokenUrl = endpoint(builder.requestTokenUrl, rpcUrl, "request-token");
    authorizeUrl = endpoint(builder.authorizeUrl, displayUrl, "authorize");
    accessTokenUrl = endpoint(builder.accessTokenUrl, rpcUrl, "access-token");
    callbackConfirmedRequired = builder.callbackConfirmedRequired;
  }

  private static URI endpoint(@Nullable String given, URI base, String name) {
    if (given == null) {
      return URI.create(base + OAUTH + name);
    }
    return LinkUrl.absolute(given.startsWith("/") ? base.resolve(given).toString() : given);
  }

  /**
   * Begins a link that takes each person's own token (three-legged) and nothing else.
   *
   * @param name what people call it, not blank
   * @param rpcUrl the peer's base URL as programs reach it and as it verifies signatures
   * @param signer the consumer key with the instance's RSA key, or with the secret shared with a
   *     generic provider
   * @throws IllegalArgumentException if the name is blank, or the URL not absolute http or https
   *     without user, query and fragment
   */
  public static Builder builder(
      ApplicationId id, String name, ApplicationType type, URI rpcUrl, Signer signer) {
    return new Builder(id, name, type, rpcUrl, signer);
  }

  ApplicationId id() {
    return id;
  }

  String name() {
    return name;
  }

  ApplicationType type() {
    return type;
  }

  URI rpcUrl() {
    return rpcUrl;
  }

  URI displayUrl() {
    return displayUrl;
  }

  boolean primary() {
    return primary;
  }

  Signer signer() {
    return signer;
  }

  Set<Mode> modes() {
    return modes;
  }

  URI requestTokenUrl() {
    return requestTokenUrl;
  }

  URI authorizeUrl() {
    return authorizeUrl;
  }

  URI accessTokenUrl() {
    return accessTokenUrl;
  }

  boolean callbackConfirmedRequired() {
    return callbackConfirmedRequired;
  }

  @Override
  public String toString() {
    return "ApplicationLinkDetails[" + id + ", " + name + ", " + rpcUrl + "]";
  }

  /** Collects what a link is configured with. Not for several threads. */
  public static final class Builder {
    private final ApplicationId id;
    private final String name;
    private final ApplicationType type;
    private final URI rpcUrl;
    private final Signer signer;
    private EnumSet<Mode> modes = EnumSet.of(Mode.THREE_LEGGED);
    private @Nullable URI displayUrl;
    private boolean primary;
    private @Nullable String requestTokenUrl;
    private @Nullable String authorizeUrl;
    private @Nullable String accessTokenUrl;
    private boolean callbackConfirmedRequired = true;

    private Builder(
        ApplicationId id, String name, ApplicationType type, URI rpcUrl, Signer signer) {
      this.id = Objects.requireNonNull(id, "id");
      this.name = Objects.requireNonNull(name, "name");
      this.type = Objects.requireNonNull(type, "type");
      this.rpcUrl = LinkUrl.base(rpcUrl);
      this.signer = Objects.requireNonNull(signer, "signer");
      if (name.isBlank()) {
        throw new IllegalArgumentException("A link needs a name.");
      }
    }

    /** Sets the base URL browsers use, where it is another one. */
    public Builder displayUrl(URI url) {
      displayUrl = LinkUrl.base(url);
      return this;
    }

    /** Makes this the first choice among the links of its type. */
    public Builder primary() {
      primary = true;
      return this;
    }

    /**
     * Sets the ways requests may be authenticated, in place of three-legged alone.
     *
     * @throws IllegalArgumentException if there is none, or one this library does not know
     */
    @SafeVarargs
    public final Builder authentication(Class<? extends AuthenticationProvider>... providers) {
      if (providers.length == 0) {
        throw new IllegalArgumentException(
            "Name a way of authentication, such as "
                + OAuthAuthenticationProvider.class.getSimpleName()
                + ".");
      }
      EnumSet<Mode> chosen = EnumSet.noneOf(Mode.class);
      for (Class<? extends AuthenticationProvider> provider : providers) {
        Mode mode = Mode.of(provider);
        if (mode == null) {
          throw new IllegalArgumentException(
              provider.getSimpleName() + " is no way to authenticate a request.");
        }
        chosen.add(mode);
      }
      modes = chosen;
      return this;
    }

    /**
     * Sets the addresses of a generic provider; without them they are those of Atlassian products.
     * One that begins with a slash is on the host of the link.
     *
     * @throws IllegalArgumentException at {@link #build} if one is malformed
     */
    public Builder endpoints(String requestToken, String authorize, String accessToken) {
      requestTokenUrl = requestToken;
      authorizeUrl = authorize;
      accessTokenUrl = accessToken;
      return this;
    }

    /** Accepts request tokens without {@code oauth_callback_confirmed}, from old peers alone. */
    public Builder callbackConfirmationOptional() {
      callbackConfirmedRequired = false;
      return this;
    }

    /** Makes the link. */
    public ApplicationLinkDetails build() {
      return new ApplicationLinkDetails(this);
    }
  }
}
