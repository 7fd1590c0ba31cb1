export * from './EvidenceTab';
