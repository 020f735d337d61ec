package dev.onbehalf.applinks;

import java.net.URI;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What all links of one service share. */
final class LinkContext {
  private static final int LOCKS = 64;

  private final ConsumerTokenStore tokens;
  private final HttpTransport http;
  private final InstantSource clock;
  private final Retries retries;
  private final @Nullable BiFunction<ApplicationId, @Nullable URI, URI> authorisationPage;
  private final Lock[] locks = new Lock[LOCKS];

  LinkContext(
      ConsumerTokenStore tokens,
      HttpTransport http,
      InstantSource clock,
      Retries retries,
      @Nullable BiFunction<ApplicationId, @Nullable URI, URI> authorisationPage) {
    this.tokens = tokens;
    this.http = http;
    this.clock = clock;
    this.retries = retries;
    this.authorisationPage = authorisationPage;
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  ConsumerTokenStore tokens() {
    return tokens;
  }

  HttpTransport http() {
    return http;
  }

  InstantSource clock() {
    return clock;
  }

  Retries retries() {
    return retries;
  }

  @Nullable BiFunction<ApplicationId, @Nullable URI, URI> authorisationPage() {
    return authorisationPage;
  }

  /** The lock under which one person's token for a link is renewed. */
  Lock renewal(ApplicationId link, String person) {
    return locks[Math.floorMod((link + "\n" + person.toLowerCase(Locale.ROOT)).hashCode(), LOCKS)];
  }
}
