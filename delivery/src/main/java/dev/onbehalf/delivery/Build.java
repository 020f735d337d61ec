package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Collection;
import tools.jackson.databind.node.ObjectNode;

/** A run of a pipeline; {@code docs/peer-facts.md} 2.4. */
public final class Build extends Report {
  private Build(ObjectNode draft) {
    super(DataType.BUILDS, draft);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the fields of a {@link Build}. */
  public static final class Builder extends ReportBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** Required, at most 255 characters; with the build number it identifies the build. */
    @CanIgnoreReturnValue
    public Builder pipelineId(String id) {
      return put("pipelineId", id);
    }

    /** Required, not negative. */
    @CanIgnoreReturnValue
    public Builder buildNumber(long number) {
      return put("buildNumber", number);
    }

    /** At most 255 characters. */
    @CanIgnoreReturnValue
    public Builder label(String text) {
      return put("label", text);
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder state(BuildState state) {
      return put("state", state.word());
    }

    /** Required, 1 to 500 keys, sent in the order given. */
    @CanIgnoreReturnValue
    public Builder issueKeys(Collection<String> keys) {
      return put("issueKeys", keys);
    }

    /** What the tests of the build showed. */
    @CanIgnoreReturnValue
    public Builder testInfo(TestInfo tests) {
      json.set("testInfo", tests.toJson());
      return this;
    }

    /** A commit the build ran on; at most 5 references in all. */
    @CanIgnoreReturnValue
    public Builder commit(String id, String repositoryUrl) {
      json.withArray("references")
          .addObject()
          .set("commit", object().put("id", id).put("repositoryUri", repositoryUrl));
      return this;
    }

    /** A branch or tag the build ran on; at most 5 references in all. */
    @CanIgnoreReturnValue
    public Builder ref(String name, String url) {
      json.withArray("references")
          .addObject()
          .set("ref", object().put("name", name).put("uri", url));
      return this;
    }

    /** A commit together with the branch or tag it was taken from. */
    @CanIgnoreReturnValue
    public Builder reference(String commit, String repositoryUrl, String ref, String refUrl) {
      ObjectNode reference = json.withArray("references").addObject();
      reference.set("commit", object().put("id", commit).put("repositoryUri", repositoryUrl));
      reference.set("ref", object().put("name", ref).put("uri", refUrl));
      return this;
    }

    /** Throws {@link InvalidReportException} where a field is missing or breaks its limit. */
    public Build build() {
      return new Build(json);
    }
  }
}
