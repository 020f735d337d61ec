package dev.onbehalf.applinks;

import dev.onbehalf.applinks.auth.AuthenticationProvider;
import dev.onbehalf.applinks.auth.OAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthWithImpersonationAuthenticationProvider;
import org.jspecify.annotations.Nullable;

/** How a request is authenticated, the preferred way first. */
enum Mode {
  THREE_LEGGED(OAuthAuthenticationProvider.class, true),
  IMPERSONATING(TwoLeggedOAuthWithImpersonationAuthenticationProvider.class, true),
  TWO_LEGGED(TwoLeggedOAuthAuthenticationProvider.class, false);

  private final Class<? extends AuthenticationProvider> provider;
  private final boolean asPerson;

  Mode(Class<? extends AuthenticationProvider> provider, boolean asPerson) {
    this.provider = provider;
    this.asPerson = asPerson;
  }

  boolean asPerson() {
    return asPerson;
  }

  static @Nullable Mode of(Class<? extends AuthenticationProvider> provider) {
    for (Mode mode : values()) {
      if (mode.provider == provider) {
        return mode;
      }
    }
    return null;
  }
}
