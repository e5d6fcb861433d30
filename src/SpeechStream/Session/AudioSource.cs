using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace SpeechStream.Session;

/// <summary>Turns streams and pipes into one kind of source. A piece is valid until the next one is requested.</summary>
internal static class AudioSource
{
    private const int PieceBytes = 16 * 1024;

    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> Read(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var piece = new byte[PieceBytes];
        while (await stream.ReadAsync(piece, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            yield return piece.AsMemory(0, count);
        }
    }

    public static IAsyncEnumerable<ReadOnlyMemory<byte>> Read(PipeReader reader) => new PipePieces(reader);

    /// <summary>Written by hand, because an iterator that is disposed before its first read runs no code, and the reader must be completed then, too.</summary>
    private sealed class PipePieces(PipeReader reader) : IAsyncEnumerable<ReadOnlyMemory<byte>>, IAsyncEnumerator<ReadOnlyMemory<byte>>
    {
        private CancellationToken _cancellationToken;
        private ReadResult? _result;
        private SequencePosition _next;
        private ReadOnlyMemory<byte> _current;

        public ReadOnlyMemory<byte> Current => _current;

        public IAsyncEnumerator<ReadOnlyMemory<byte>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            _cancellationToken = cancellationToken;
            return this;
        }

        public async ValueTask<bool> MoveNextAsync()
        {
            while (_result is not { } result || !result.Buffer.TryGet(ref _next, out _current))
            {
                if (_result is { } read)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    if (read.IsCompleted || read.IsCanceled)
                    {
                        return false;
                    }
                }

                var following = await reader.ReadAsync(_cancellationToken).ConfigureAwait(false);
                (_result, _next) = (following, following.Buffer.Start);
            }

            return true;
        }

        public ValueTask DisposeAsync() => reader.CompleteAsync();
    }
}
