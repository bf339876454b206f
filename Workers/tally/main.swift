import ArgumentParser
import AsyncHTTPClient
import Configuration
import Crypto
import CryptoExtras
import Hummingbird
import Mustache
import Yams
