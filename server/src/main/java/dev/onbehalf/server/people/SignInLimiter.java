package dev.onbehalf.server.people;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Bounds the failures of sign-in in a quarter of an hour, on this node: 10 of a name from an
 * address, 100 from an address, 100 of a name. An IPv6 address counts as its /64 network. Names
 * count alike whether they exist or not.
 */
final class SignInLimiter {
  static final int PER_NAME_AND_ADDRESS = 10;
  static final int PER_ADDRESS = 100;
  static final int PER_NAME = 100;
  static final Duration PERIOD = Duration.ofMinutes(15);
  private static final long COUNTED = 50_000;

  private final LoadingCache<String, Bucket> both;
  private final LoadingCache<String, Bucket> addresses;
  private final LoadingCache<String, Bucket> names;

  SignInLimiter(InstantSource clock) {
    TimeMeter meter =
        new TimeMeter() {
          @Override
          public long currentTimeNanos() {
            return Duration.between(Instant.EPOCH, clock.instant()).toNanos();
          }

          @Override
          public boolean isWallClockBased() {
            return true;
          }
        };
    both = buckets(meter, PER_NAME_AND_ADDRESS);
    addresses = buckets(meter, PER_ADDRESS);
    names = buckets(meter, PER_NAME);
  }

  /** Counts an attempt as a failure until it is {@linkplain #forgive forgiven}. */
  boolean admit(String name, String address) {
    List<Bucket> buckets = of(name, address);
    for (int i = 0; i < buckets.size(); i++) {
      if (!buckets.get(i).tryConsume(1)) {
        buckets.subList(0, i).forEach(bucket -> bucket.addTokens(1));
        return false;
      }
    }
    return true;
  }

  /** Takes back what {@link #admit} counted, because the attempt did not fail. */
  void forgive(String name, String address) {
    of(name, address).forEach(bucket -> bucket.addTokens(1));
  }

  private List<Bucket> of(String name, String address) {
    String foldedName = name.toLowerCase(Locale.ROOT);
    String network = network(address);
    return List.of(
        both.get(network + ' ' + foldedName), addresses.get(network), names.get(foldedName));
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

  /** An address with a colon is never a host name, so that nothing is looked up. */
  private static String network(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      byte[] bytes = InetAddress.getByName(address).getAddress();
      return bytes.length == 16 ? Arrays.toString(Arrays.copyOf(bytes, 8)) : address;
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
