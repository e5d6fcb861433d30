namespace SpeechStream.Cli.Doctor;

/// <summary>What <c>doctor</c> looks at, in this order. The number is the exit code when it is the first that failed.</summary>
internal enum Step
{
    /// <summary>The name of the service's host, or the proxy's, has addresses.</summary>
    Dns = 10,

    /// <summary>One of the addresses takes a connection.</summary>
    Tcp = 11,

    /// <summary>The proxy of the environment is there, and lets the connection through.</summary>
    Proxy = 12,

    /// <summary>TLS, and the certificate.</summary>
    Tls = 13,

    /// <summary>This machine's clock agrees with the service's.</summary>
    Clock = 14,

    /// <summary>The token of NLS or the key of DashScope.</summary>
    Key = 15,

    /// <summary>What listens there is the service, and works.</summary>
    Service = 16,

    /// <summary>The app key of NLS, or the model of DashScope.</summary>
    AppKey = 17,

    /// <summary>The trial, the balance and the quota.</summary>
    Account = 18,

    /// <summary>A second of audio.</summary>
    Audio = 19,

    /// <summary>The file of the command line.</summary>
    File = 20,
}
