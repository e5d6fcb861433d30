using System.IO.Pipelines;

namespace SpeechStream.AspNetCore.Endpoints;

/// <summary>The body of a request whose sender must not fall silent. A minimum data rate of the server doesn't ensure that: Kestrel's is an average over all that has come.</summary>
internal sealed class TimedBody(PipeReader body, TimeProvider time) : PipeReader
{
    /// <summary>How long nothing comes before the sender is given up.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    /// <exception cref="RefusedException">Nothing has come for too long.</exception>
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        using var late = new CancellationTokenSource(Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await body.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RefusedException(Refusal.Silent(Silence));
        }
    }

    public override bool TryRead(out ReadResult result) => body.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => body.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => body.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => body.CancelPendingRead();

    public override void Complete(Exception? exception = null) => body.Complete(exception);
}
