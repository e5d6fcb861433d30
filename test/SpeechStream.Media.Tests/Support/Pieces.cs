using System.Threading.Channels;

namespace SpeechStream.Media.Tests.Support;

/// <summary>A stream that can't seek, as standard input or a request, which gives what it is given, piece by piece.</summary>
internal sealed class Pieces : Stream
{
    private readonly Channel<ReadOnlyMemory<byte>> _pieces = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
    private ReadOnlyMemory<byte> _current;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>All of the bytes, a few at a time.</summary>
    public static Pieces Of(byte[] bytes, int size)
    {
        var pieces = new Pieces();
        foreach (var piece in bytes.Chunk(size))
        {
            pieces.Add(piece);
        }

        pieces.End();
        return pieces;
    }

    public void Add(ReadOnlyMemory<byte> piece) => _pieces.Writer.TryWrite(piece);

    public void End(Exception? failure = null) => _pieces.Writer.Complete(failure);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_current.IsEmpty)
        {
            if (!await _pieces.Reader.WaitToReadAsync(cancellationToken))
            {
                return 0;
            }

            _pieces.Reader.TryRead(out _current);
        }

        var count = Math.Min(buffer.Length, _current.Length);
        _current[..count].CopyTo(buffer);
        _current = _current[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
