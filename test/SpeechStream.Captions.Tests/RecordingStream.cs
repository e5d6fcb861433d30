namespace SpeechStream.Captions.Tests;

/// <summary>Remembers each write, and how many there were at each flush.</summary>
internal sealed class RecordingStream : MemoryStream
{
    public List<byte[]> Writes { get; } = [];

    public List<int> Flushed { get; } = [];

    public override void Write(ReadOnlySpan<byte> buffer) => Writes.Add(buffer.ToArray());

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush() => Flushed.Add(Writes.Count);

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Flush();
        return Task.CompletedTask;
    }
}
