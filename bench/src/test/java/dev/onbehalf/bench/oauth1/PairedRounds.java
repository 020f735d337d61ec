package dev.onbehalf.bench.oauth1;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.sun.management.ThreadMXBean;
import dev.onbehalf.oauth1.RsaEngine;
import java.lang.management.ManagementFactory;
import java.security.Provider;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.conscrypt.Conscrypt;

/**
 * Prints the first rows of the performance table. A round is many short turns of every subject, so
 * that what else the machine does falls on all of them alike; a figure is the median of its rounds,
 * a ratio the median of the rounds' ratios. Time is the thread's processor time.
 */
public final class PairedRounds {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int HOSTILE_CHARS = 8192;
  private static final double SLOW_NANOS = 2_000_000;
  private static final long TURN_NANOS = 3_000_000;

  private final int rounds;
  private final int turns;

  @SuppressWarnings("UnusedVariable") // Keeps results alive.
  private volatile Object sink = "";

  private PairedRounds(int rounds, int turns) {
    this.rounds = rounds;
    this.turns = turns;
  }

  /** Runs everything; {@code full} as the first argument takes five times as long. */
  public static void main(String[] arguments) throws Exception {
    boolean full = arguments.length > 0 && arguments[0].equals("full");
    PairedRounds runner = new PairedRounds(full ? 60 : 25, full ? 40 : 20);
    System.out.printf(
        Locale.ROOT,
        "JDK %s, %d rounds, processor time of the thread%n%n",
        Runtime.version(),
        runner.rounds);
    RsaEngine jdk = RsaEngine.jdk();
    Provider corretto = AmazonCorrettoCryptoProvider.INSTANCE;
    Provider conscrypt = Conscrypt.newProvider();

    Fixture get = Fixture.get();
    Map<String, Operation> verify = new LinkedHashMap<>();
    verify.put("raw JDK verify", Verifying.raw(get));
    verify.put("Onbehalf", Verifying.onbehalf(get, jdk));
    verify.put("Onbehalf, all but RSA", Verifying.onbehalf(get, new ReadyRsa(get)));
    verify.put("net.oauth", Rivals.netOauth(get));
    verify.put("Jersey", Rivals.jersey(get));
    verify.put("raw Corretto verify", Verifying.raw(get, corretto));
    verify.put("Onbehalf on Corretto", Verifying.onbehalf(get, RsaEngine.of(corretto)));
    verify.put("raw Conscrypt verify", Verifying.raw(get, conscrypt));
    verify.put("Onbehalf on Conscrypt", Verifying.onbehalf(get, RsaEngine.of(conscrypt)));
    runner.table("Verify a signed GET (RSA-2048, SHA-1)", verify);

    Fixture form = Fixture.form();
    Map<String, Operation> verifyForm = new LinkedHashMap<>();
    verifyForm.put("raw JDK verify", Verifying.raw(form));
    verifyForm.put("Onbehalf", Verifying.onbehalf(form, jdk));
    verifyForm.put("Onbehalf, all but RSA", Verifying.onbehalf(form, new ReadyRsa(form)));
    verifyForm.put("net.oauth", Rivals.netOauth(form));
    verifyForm.put("Jersey", Rivals.jersey(form));
    runner.table("Verify a form of 200 parameters", verifyForm);

    Map<String, Operation> sign = new LinkedHashMap<>();
    sign.put("raw JDK sign", Signing.raw(get));
    sign.put("Onbehalf", Signing.onbehalf(get, jdk));
    sign.put("Onbehalf, all but RSA", Signing.onbehalf(get, new ReadyRsa(get)));
    sign.put("net.oauth", Signing.netOauth(get));
    sign.put("Jersey", Signing.jersey(get));
    sign.put("scribejava", Signing.scribe(get));
    sign.put("raw Corretto sign", Signing.raw(get, corretto));
    sign.put("Onbehalf on Corretto", Signing.onbehalf(get, RsaEngine.of(corretto)));
    sign.put("raw Conscrypt sign", Signing.raw(get, conscrypt));
    sign.put("Onbehalf on Conscrypt", Signing.onbehalf(get, RsaEngine.of(conscrypt)));
    runner.table("Sign a GET (RSA-2048, SHA-1)", sign);

    runner.hostile();
  }

  private void table(String title, Map<String, Operation> subjects) throws Exception {
    List<String> names = List.copyOf(subjects.keySet());
    List<Operation> operations = List.copyOf(subjects.values());
    int count = names.size();
    long[] repeats = new long[count];
    for (int i = 0; i < count; i++) {
      repeats[i] = warmUp(operations.get(i));
    }
    double[][] nanos = new double[count][rounds];
    double[][] bytes = new double[count][rounds];
    for (int round = 0; round < rounds; round++) {
      long[] allocated = new long[count];
      for (int turn = 0; turn < turns; turn++) {
        for (int k = 0; k < count; k++) {
          int i = turn % 2 == 0 ? k : count - 1 - k;
          long before = THREADS.getCurrentThreadAllocatedBytes();
          nanos[i][round] += measure(operations.get(i), repeats[i]) / turns;
          allocated[i] += THREADS.getCurrentThreadAllocatedBytes() - before;
        }
      }
      for (int i = 0; i < count; i++) {
        bytes[i][round] = allocated[i] / ((double) turns * repeats[i]);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "### %s%n%n| | us | ratio to the first | above the first, us | bytes | above the first |%n"
            + "|---|---|---|---|---|---|%n",
        title);
    for (int i = 0; i < count; i++) {
      double[] ratio = new double[rounds];
      double[] above = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        ratio[round] = nanos[i][round] / nanos[0][round];
        above[round] = nanos[i][round] - nanos[0][round];
      }
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %.2f | %.1f | %.0f | %.0f |%n",
          names.get(i),
          median(nanos[i]) / 1000,
          median(ratio),
          median(above) / 1000,
          median(bytes[i]),
          median(bytes[i]) - median(bytes[0]));
    }
    System.out.println();
  }

  private void hostile() throws Exception {
    System.out.printf(
        Locale.ROOT,
        "### An unsigned header of 8 kB%n%n| shape | Onbehalf, us | at 4 kB, us | net.oauth, us |"
            + " Jersey, us |%n|---|---|---|---|---|%n");
    Map<String, String> half = HostileHeaders.ofLength(HOSTILE_CHARS / 2);
    for (Map.Entry<String, String> shape : HostileHeaders.ofLength(HOSTILE_CHARS).entrySet()) {
      String header = shape.getValue();
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %.1f | %.0f | %.0f |%n",
          shape.getKey(),
          quick(HostileHeaders.onbehalf(header)) / 1000,
          quick(HostileHeaders.onbehalf(half.getOrDefault(shape.getKey(), ""))) / 1000,
          quick(HostileHeaders.netOauth(header)) / 1000,
          quick(HostileHeaders.jersey(header)) / 1000);
    }
    System.out.println();
  }

  /** Median of a few short rounds; a slow subject gets few of them. */
  private double quick(Operation operation) throws Exception {
    double first = measure(operation, 1);
    if (first > SLOW_NANOS * 10) {
      return Math.min(first, measure(operation, 1));
    }
    long end = System.nanoTime() + 100_000_000L;
    while (first < SLOW_NANOS && System.nanoTime() < end) {
      sink = operation.run();
    }
    long repeats = Math.max(1, (long) (SLOW_NANOS / Math.max(500, measure(operation, 20))));
    double[] nanos = new double[9];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = measure(operation, repeats);
    }
    return median(nanos);
  }

  /** Runs until compiled and returns how often it runs in a turn. */
  private long warmUp(Operation operation) throws Exception {
    long end = System.nanoTime() + 2_000_000_000L;
    while (System.nanoTime() < end) {
      sink = operation.run();
    }
    return Math.max(3, (long) (TURN_NANOS / measure(operation, 50)));
  }

  private double measure(Operation operation, long repeats) throws Exception {
    long start = THREADS.getCurrentThreadCpuTime();
    for (long i = 0; i < repeats; i++) {
      sink = operation.run();
    }
    return (THREADS.getCurrentThreadCpuTime() - start) / (double) repeats;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
