package dev.onbehalf.bench.links;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.sun.management.OperatingSystemMXBean;
import dev.onbehalf.applinks.ApplicationId;
import dev.onbehalf.applinks.ApplicationLink;
import dev.onbehalf.applinks.ApplicationLinkDetails;
import dev.onbehalf.applinks.ApplicationLinks;
import dev.onbehalf.applinks.Request.MethodType;
import dev.onbehalf.applinks.application.JiraApplicationType;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthWithImpersonationAuthenticationProvider;
import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.RsaEngine;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.conscrypt.Conscrypt;

/**
 * Prints the table of outgoing calls. A round lets every subject call for a while, one after
 * another, so that what else the machine does falls on all alike; a figure is the median of its
 * rounds. Processor time is the whole process's, the peer in it included.
 */
public final class LinkFigures {
  private static final OperatingSystemMXBean MACHINE =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final KeyPair PAIR = Keys.generate(2048);
  private static final String PATH = "/rest/api/2/issue/KEY-1?fields=summary&expand=names";

  private final int rounds;
  private final long turnNanos;

  private LinkFigures(int rounds, long turnNanos) {
    this.rounds = rounds;
    this.turnNanos = turnNanos;
  }

  /** One call, made by several threads at once. */
  private interface Call {
    void run() throws Exception;
  }

  private record Turn(double callsPerSecond, double cpuMicros) {}

  /** Runs everything; {@code smoke} as the first argument takes a few seconds and says little. */
  public static void main(String[] arguments) throws Exception {
    boolean smoke = arguments.length > 0 && arguments[0].equals("smoke");
    LinkFigures figures =
        smoke ? new LinkFigures(2, 200_000_000L) : new LinkFigures(15, 1_000_000_000L);
    try (LeanPeer peer = new LeanPeer()) {
      Map<String, Call> subjects = subjects(peer.url());
      System.out.printf(
          Locale.ROOT,
          "JDK %s, %d processors, %d rounds%n%n",
          Runtime.version(),
          Runtime.getRuntime().availableProcessors(),
          figures.rounds);
      for (Call subject : subjects.values()) {
        figures.turn(subject, 1);
      }
      figures.table(subjects, 1);
      figures.table(subjects, Runtime.getRuntime().availableProcessors());
    }
  }

  private static Map<String, Call> subjects(URI peer) {
    Map<String, Call> subjects = new LinkedHashMap<>();
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpRequest unsigned = HttpRequest.newBuilder(URI.create(peer + PATH)).build();
    subjects.put("Java's client, unsigned", () -> http.send(unsigned, BodyHandlers.ofString()));
    subjects.put("link, RSA at no cost", through(peer, rsa(new NoRsa())));
    subjects.put(
        "link, HMAC-SHA1",
        through(peer, Signer.hmac(SignatureMethod.HMAC_SHA1, "bench", Secret.of("a secret"))));
    subjects.put("link, RSA-SHA1 by the JDK", through(peer, rsa(RsaEngine.jdk())));
    subjects.put(
        "link, RSA-SHA1 by Corretto",
        through(peer, rsa(RsaEngine.of(AmazonCorrettoCryptoProvider.INSTANCE))));
    subjects.put(
        "link, RSA-SHA1 by Conscrypt", through(peer, rsa(RsaEngine.of(Conscrypt.newProvider()))));
    return subjects;
  }

  private static Signer rsa(RsaEngine engine) {
    return Signer.rsa(SignatureMethod.RSA_SHA1, "bench", PAIR.getPrivate(), engine);
  }

  private static Call through(URI peer, Signer signer) {
    ApplicationLink link =
        ApplicationLinks.builder()
            .actingPerson(() -> "alice")
            .link(
                ApplicationLinkDetails.builder(
                        new ApplicationId("bench"),
                        "Bench",
                        new JiraApplicationType(),
                        peer,
                        signer)
                    .authentication(TwoLeggedOAuthWithImpersonationAuthenticationProvider.class)
                    .build())
            .build()
            .getApplicationLinks()
            .get(0);
    return () ->
        link.createAuthenticatedRequestFactory().createRequest(MethodType.GET, PATH).execute();
  }

  private void table(Map<String, Call> subjects, int threads) throws Exception {
    List<String> names = List.copyOf(subjects.keySet());
    double[][] rates = new double[names.size()][rounds];
    double[][] micros = new double[names.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int k = 0; k < names.size(); k++) {
        int i = round % 2 == 0 ? k : names.size() - 1 - k;
        Turn turn = turn(subjects.getOrDefault(names.get(i), () -> {}), threads);
        rates[i][round] = turn.callsPerSecond();
        micros[i][round] = turn.cpuMicros();
      }
    }
    int free = names.indexOf("link, RSA at no cost");
    System.out.printf(
        Locale.ROOT,
        "### Signed GETs, %d at once%n%n| | calls a second | processor time a call, us | of it RSA"
            + " |%n|---|---|---|---|%n",
        threads);
    for (int i = 0; i < names.size(); i++) {
      double share = 1 - median(micros[free]) / median(micros[i]);
      System.out.printf(
          Locale.ROOT,
          "| %s | %.0f | %.0f | %s |%n",
          names.get(i),
          median(rates[i]),
          median(micros[i]),
          names.get(i).contains("RSA-SHA1") ? Math.round(share * 100) + " %" : "");
    }
    System.out.println();
  }

  private Turn turn(Call call, int threads) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService callers = Executors.newFixedThreadPool(threads);
    long cpu = MACHINE.getProcessCpuTime();
    long start = System.nanoTime();
    List<Future<Long>> counts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      counts.add(
          callers.submit(
              () -> {
                long calls = 0;
                for (; !over.get(); calls++) {
                  call.run();
                }
                return calls;
              }));
    }
    Thread.sleep(turnNanos / 1_000_000);
    over.set(true);
    long calls = 0;
    for (Future<Long> count : counts) {
      calls += count.get();
    }
    double nanos = System.nanoTime() - start;
    long used = MACHINE.getProcessCpuTime() - cpu;
    callers.shutdown();
    return new Turn(calls * 1e9 / nanos, used / 1e3 / calls);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Signs with a number that lies ready. */
  private static final class NoRsa implements RsaEngine {
    private final byte[] signature = new byte[256];

    @Override
    public PublicOperation publicOperation(RSAPublicKey key) {
      return anySignature -> signature;
    }

    @Override
    public SigningOperation signingOperation(PrivateKey key, SignatureMethod method) {
      return text -> signature;
    }
  }
}
