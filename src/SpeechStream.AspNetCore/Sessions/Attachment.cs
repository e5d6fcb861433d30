namespace SpeechStream.AspNetCore.Sessions;

/// <summary>A connection's hold on its session, until it is disposed of.</summary>
internal sealed class Attachment : IDisposable
{
    private readonly Attachments _all;
    private readonly CancellationTokenSource _lost;

    public Attachment(Attachments all, CancellationToken connection) => (_all, _lost) = (all, CancellationTokenSource.CreateLinkedTokenSource(connection));

    /// <summary>Canceled when the connection is lost, or a newer one has taken its place.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Whether it is this connection's turn to write audio.</summary>
    public bool HasTurn { get; set; }

    /// <summary>Ends the connection.</summary>
    public void Cut()
    {
        try
        {
            _lost.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has let go by itself.
        }
    }

    public void Dispose()
    {
        _all.Remove(this);
        _lost.Dispose();
    }
}
