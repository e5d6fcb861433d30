using System.Net.Http;

namespace SpeechStream.Transport;

/// <summary>The body of a refusal, as far as an error message has use for it. The status decides, whatever becomes of the body.</summary>
internal static class RefusalBody
{
    private const int LongestBody = 4096;

    // A peer that has sent the status has the reason at hand; one that never ends its body would use up the time limit of the attempt.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>What came of the body, and whether more of it may exist.</summary>
    public static async Task<(byte[] Body, bool IsCut)> ReadAsync(HttpContent content, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var (bytes, count) = (new byte[LongestBody], 0);
        try
        {
            using var stream = await content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            while (count < bytes.Length)
            {
                var read = await stream.ReadAsync(bytes.AsMemory(count), either.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    return (bytes[..count], false);
                }

                count += read;
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            // A body that breaks off, or that doesn't end, leaves what came of it.
            cancellationToken.ThrowIfCancellationRequested();
        }

        return (bytes[..count], true);
    }
}
