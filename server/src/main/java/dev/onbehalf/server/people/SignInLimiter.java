package dev.onbehalf.server.people;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.onbehalf.server.web.Buckets;
import dev.onbehalf.server.web.Networks;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Bounds the failures of sign-in in a quarter of an hour, on this node: 10 of a name from an
 * address, 100 from an address, 100 of a name from all addresses but those where its person signed
 * in within the last 30 days: others cannot lock a person out of her own place. An IPv6 address
 * counts as its /64 network. Names count alike whether they exist or not.
 */
final class SignInLimiter {
  static final int PER_NAME_AND_ADDRESS = 10;
  static final int PER_ADDRESS = 100;
  static final int PER_NAME = 100;
  static final Duration PERIOD = Duration.ofMinutes(15);
  private static final long COUNTED = 50_000;
  private static final Duration REMEMBERED = Duration.ofDays(30);

  private final LoadingCache<String, Bucket> both;
  private final LoadingCache<String, Bucket> addresses;
  private final LoadingCache<String, Bucket> names;
  private final Cache<String, Boolean> signedInFrom;

  SignInLimiter(InstantSource clock) {
    TimeMeter meter = Buckets.meter(clock);
    both = buckets(meter, PER_NAME_AND_ADDRESS);
    addresses = buckets(meter, PER_ADDRESS);
    names = buckets(meter, PER_NAME);
    signedInFrom =
        Caffeine.newBuilder()
            .maximumSize(COUNTED)
            .expireAfterWrite(REMEMBERED)
            .ticker(meter::currentTimeNanos)
            .build();
  }

  /** An attempt to sign in, counted as a failure until something else is said. */
  final class Attempt {
    private final String place;
    private final List<Bucket> counted;

    private Attempt(String place, List<Bucket> counted) {
      this.place = place;
      this.counted = counted;
    }

    /** Takes back what was counted: name and password were right. */
    void succeeded() {
      undecided();
      signedInFrom.put(place, true);
    }

    /** Takes back what was counted: neither right nor wrong. */
    void undecided() {
      counted.forEach(bucket -> bucket.addTokens(1));
    }
  }

  /** Counts an attempt; empty if there were too many failures. */
  Optional<Attempt> admit(String name, String address) {
    String foldedName = name.toLowerCase(Locale.ROOT);
    String network = Networks.of(address);
    String place = network + ' ' + foldedName;
    List<Bucket> buckets = new ArrayList<>(List.of(both.get(place), addresses.get(network)));
    if (signedInFrom.getIfPresent(place) == null) {
      buckets.add(names.get(foldedName));
    }
    for (int i = 0; i < buckets.size(); i++) {
      if (!buckets.get(i).tryConsume(1)) {
        buckets.subList(0, i).forEach(bucket -> bucket.addTokens(1));
        return Optional.empty();
      }
    }
    return Optional.of(new Attempt(place, buckets));
  }

  private static LoadingCache<String, Bucket> buckets(TimeMeter meter, int failures) {
    return Caffeine.newBuilder()
        .maximumSize(COUNTED)
        .expireAfterAccess(PERIOD)
        .ticker(meter::currentTimeNanos)
        .build(
            key ->
                Bucket.builder()
                    .withCustomTimePrecision(meter)
                    .addLimit(limit -> limit.capacity(failures).refillIntervally(failures, PERIOD))
                    .build());
  }
}
