package dev.regatta.ensemble;

import dev.regatta.secret.Secret;
import java.net.URI;
import java.util.Optional;

/** Who says which of two answers is better. */
public sealed interface Judge {

  /** What reports call it. */
  String name();

  /**
   * A model behind an endpoint that speaks OpenAI's chat completions, such as LiteLLM or Ollama.
   *
   * @param address the whole address of chat completions
   * @param model the model to ask for
   * @param key sent as a bearer token
   */
  record Model(URI address, String model, Optional<Secret> key) implements Judge {
    private static final String COMPLETIONS = "/chat/completions";

    /**
     * A judge at the address that people know it by.
     *
     * @param base {@code http://127.0.0.1:11434}, the same with {@code /v1}, or the whole address
     */
    public static Model at(URI base, String model, Optional<Secret> key) {
      String text = base.toString().replaceAll("/+$", "");
      if (!text.endsWith(COMPLETIONS)) {
        boolean bare = base.getPath() == null || base.getPath().replace("/", "").isEmpty();
        text += (bare ? "/v1" : "") + COMPLETIONS;
      }
      return new Model(URI.create(text), model, key);
    }

    @Override
    public String name() {
      return model;
    }
  }

  /**
   * An agent of the run's.
   *
   * @param agent the adapter's name
   * @param model the model it is told to use
   */
  record Agent(String agent, Optional<String> model) implements Judge {
    @Override
    public String name() {
      return "agent " + agent + model.map(name -> " " + name).orElse("");
    }
  }
}
