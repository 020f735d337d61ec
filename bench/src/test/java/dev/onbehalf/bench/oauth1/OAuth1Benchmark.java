package dev.onbehalf.bench.oauth1;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.onbehalf.oauth1.RsaEngine;
import java.util.concurrent.TimeUnit;
import org.conscrypt.Conscrypt;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The same operations under JMH, each subject in a Java of its own; add {@code -prof gc}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OAuth1Benchmark {
  @Param({"raw", "onbehalf", "netoauth", "jersey", "corretto", "conscrypt", "onbehalfcorretto"})
  String subject = "raw";

  private Operation verifyGet = () -> "";
  private Operation verifyForm = () -> "";
  private Operation signGet = () -> "";

  /** Makes the operations of one subject. */
  @Setup
  public void prepare() throws Exception {
    Fixture get = Fixture.get();
    Fixture form = Fixture.form();
    verifyGet = verifying(get);
    verifyForm = verifying(form);
    signGet =
        switch (subject) {
          case "raw" -> Signing.raw(get);
          case "onbehalf" -> Signing.onbehalf(get, RsaEngine.jdk());
          case "netoauth" -> Signing.netOauth(get);
          case "jersey" -> Signing.jersey(get);
          case "corretto" -> Signing.raw(get, AmazonCorrettoCryptoProvider.INSTANCE);
          case "conscrypt" -> Signing.raw(get, Conscrypt.newProvider());
          default -> Signing.onbehalf(get, RsaEngine.of(AmazonCorrettoCryptoProvider.INSTANCE));
        };
  }

  private Operation verifying(Fixture request) throws Exception {
    return switch (subject) {
      case "raw" -> Verifying.raw(request);
      case "onbehalf" -> Verifying.onbehalf(request, RsaEngine.jdk());
      case "netoauth" -> Rivals.netOauth(request);
      case "jersey" -> Rivals.jersey(request);
      case "corretto" -> Verifying.raw(request, AmazonCorrettoCryptoProvider.INSTANCE);
      case "conscrypt" -> Verifying.raw(request, Conscrypt.newProvider());
      default -> Verifying.onbehalf(request, RsaEngine.of(AmazonCorrettoCryptoProvider.INSTANCE));
    };
  }

  @Benchmark
  public Object verifyGet() throws Exception {
    return verifyGet.run();
  }

  @Benchmark
  public Object verifyForm() throws Exception {
    return verifyForm.run();
  }

  @Benchmark
  public Object signGet() throws Exception {
    return signGet.run();
  }
}
