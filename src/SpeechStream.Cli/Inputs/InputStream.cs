namespace SpeechStream.Cli.Inputs;

/// <summary>A stream that ends early on Ctrl+C, as at its end, and whose beginning can be looked at before it is read.</summary>
/// <param name="stream">Is disposed with this one.</param>
/// <param name="interrupted">Ends it.</param>
internal sealed class InputStream(Stream stream, CancellationToken interrupted) : Stream
{
    private byte[] _ahead = [];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The beginning, which is still read after this.</summary>
    /// <param name="isEnough">Says whether it suffices; its second argument is whether this is all there is.</param>
    public async Task<byte[]> PeekAsync(Func<byte[], bool, bool> isEnough)
    {
        var (piece, isWhole) = (new byte[16 * 1024], false);
        while (!isEnough(_ahead, isWhole))
        {
            var count = await ReadOnAsync(piece).ConfigureAwait(false);
            _ahead = [.. _ahead, .. piece.AsSpan(0, count)];
            isWhole = count == 0;
        }

        return _ahead;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ahead.Length == 0)
        {
            return await ReadOnAsync(buffer).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        var count = Math.Min(_ahead.Length, buffer.Length);
        _ahead.AsSpan(0, count).CopyTo(buffer.Span);
        _ahead = _ahead[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<int> ReadOnAsync(Memory<byte> piece)
    {
        try
        {
            // A read of the console can't be canceled: it is left to itself, and the process ends soon.
            return await stream.ReadAsync(piece, CancellationToken.None).AsTask().WaitAsync(interrupted).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return 0;
        }
    }
}
