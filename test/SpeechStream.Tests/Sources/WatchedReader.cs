using System.IO.Pipelines;

namespace SpeechStream.Tests.Sources;

/// <summary>Tells when a read finds nothing, after so many that did.</summary>
internal sealed class WatchedReader(PipeReader reader, int pieces, TaskCompletionSource pending) : PipeReader
{
    private int _reads;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var reading = reader.ReadAsync(cancellationToken);
        if (_reads++ == pieces)
        {
            pending.TrySetResult();
        }

        return await reading;
    }

    public override bool TryRead(out ReadResult result) => reader.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => reader.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => reader.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => reader.CancelPendingRead();

    public override void Complete(Exception? exception = null) => reader.Complete(exception);
}
