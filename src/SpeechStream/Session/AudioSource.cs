using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace SpeechStream.Session;

/// <summary>Streams and pipes as one kind of source. A piece is valid until the next one is asked for.</summary>
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

    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> Read(PipeReader reader, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                foreach (var piece in result.Buffer)
                {
                    yield return piece;
                }

                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted || result.IsCanceled)
                {
                    break;
                }
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }
}
