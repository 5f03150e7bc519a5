package dev.regatta.gateway;

import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

/**
 * After a piece was written to the agent: the next one may come. After a failure the model API is
 * told to stop, with a failure that says whose it was.
 */
record Written(Response head, Content.Chunk chunk, Runnable demander) implements Callback {
  @Override
  public void succeeded() {
    chunk.release();
    demander.run();
  }

  @Override
  public void failed(Throwable failure) {
    chunk.release();
    head.abort(new ClientGone(failure));
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }
}
